/**
 * The keyboard, small screens, and what axe-core finds.
 *
 * @module
 */
import assert from "node:assert/strict";
import { accessibilityChecks } from "../deps.ts";
import {
  changes,
  check,
  chooseSmall,
  drop,
  open,
  type Page,
  phase,
  pixels,
  says,
  step,
  table,
  text,
  textFile,
  train,
  until,
} from "./visit.ts";

/** Throws if axe-core finds something serious. */
async function accessible(page: Page): Promise<void> {
  await page.evaluate(await accessibilityChecks());
  const { violations } = await page.evaluate<
    { violations: { id: string; impact: string; nodes: { html: string }[] }[] }
  >(`axe.run()`);
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const found = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(found, []);
}

check("the keyboard alone is enough", async () => {
  const { page, errors } = await open();
  await chooseSmall(page, "wasm");
  await page.evaluate(`document.activeElement.blur()`);
  const stops: string[] = [];
  const focused = (): Promise<string> =>
    page.evaluate(`document.activeElement.id || document.activeElement.className ||
      document.activeElement.name || document.activeElement.tagName`);
  const tabTo = async (wanted: string): Promise<void> => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const name = await focused();
      stops.push(name);
      const outlined = await page.evaluate<boolean>(`(() => {
        const element = document.activeElement, next = element.nextElementSibling;
        const seen = (one) => one && getComputedStyle(one).outlineStyle !== "none";
        return seen(element) || seen(next) || seen(element.previousElementSibling);
      })()`);
      assert.ok(outlined, `one sees where one is: at '${name}'`);
      if (name === wanted) return;
    }
    assert.fail(`'${wanted}' must be reached: ${stops.join(", ")}`);
  };
  for (
    const id of [
      "likelihood",
      "prior",
      "latent",
      "conditional",
      "objective",
      "beta",
      "epochs",
      "go",
    ]
  ) {
    await tabTo(id);
  }
  await page.keyboard.press("Enter");
  await step(page, 20);
  assert.equal(await focused(), "go", "the button keeps the focus");
  await page.keyboard.press("Enter");
  await phase(page, "paused");
  await tabTo("plane");
  const before = await text(page, ".readout");
  await page.keyboard.press("Shift+ArrowUp");
  assert.notEqual(await text(page, ".readout"), before);
  await tabTo("pairs-export");
  await tabTo("again");
  const samples = await pixels(page, "#samples canvas");
  await page.keyboard.press("Enter");
  await changes(page, "#samples canvas", samples);
  await tabTo("model-file");
  assert.deepEqual(errors, []);
  await page.close();
});

for (const colorScheme of ["light", "dark"] as const) {
  check(`no serious finding of axe-core, ${colorScheme}`, async () => {
    const { page } = await open({ colorScheme });
    await accessible(page);
    await train(page, "wasm", 20);
    await accessible(page);
    await drop(page, [textFile("trees.csv", table(60))]);
    await until(page, `document.body.dataset.data === "trees.csv"`);
    await train(page, "wasm", 4);
    await drop(page, [textFile("broken.png", "no picture", "image/png")]);
    await says(page, "#problems", "broken.png");
    await accessible(page);
    await page.close();
  });
}

check("a small screen has all of it, and nothing to scroll sideways", async () => {
  const { page, errors } = await open({
    viewport: { width: 360, height: 740 },
    reducedMotion: "reduce",
  });
  await train(page, "wasm", 10);
  const wide = await page.evaluate<number>(`document.documentElement.scrollWidth`);
  assert.equal(wide, 360);
  assert.equal(
    await page.evaluate(`getComputedStyle(document.querySelector("#go")).transitionDuration`),
    "0s",
  );
  await accessible(page);
  assert.deepEqual(errors, []);
  await page.close();
});
