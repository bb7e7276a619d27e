/**
 * Training, and what the model is used for.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import assert from "node:assert/strict";
import {
  changes,
  check,
  chooseSmall,
  download,
  elbo,
  open,
  type Page,
  phase,
  pixels,
  says,
  step,
  text,
  train,
} from "./visit.ts";

/** Milliseconds of the longest task of the page. */
const LONGEST_TASK = 100;

/** Throws unless no task of the page blocks it for long while a model trains. */
async function staysSmooth(page: Page): Promise<void> {
  // By the clock on the wall: where others use the processor too, a task may have to wait for them.
  const longest: number[] = [];
  while (longest.length < 3 && Math.min(...longest) >= LONGEST_TASK) {
    await page.evaluate(`longTasks.length = 0`);
    await page.waitForTimeout(6000);
    longest.push(Math.round(await page.evaluate<number>(`Math.max(0, ...longTasks)`)));
  }
  console.log(`  longest task of the page in six seconds of training: ${longest.join(", ")} ms`);
  assert.ok(Math.min(...longest) < LONGEST_TASK, `${longest.join(", ")} ms`);
}

check("webgl: trains on the digits, pauses, resumes, and stays smooth", async () => {
  const { page, errors } = await open();
  await chooseSmall(page, "webgl");
  await page.click("#go");
  await step(page, 2);
  const first = await elbo(page), picture = await pixels(page, "#pairs canvas");
  const [decoded, plane] = [await pixels(page, "canvas.decoded"), await pixels(page, ".plane")];
  assert.match(await text(page, "#backend-note"), /WebGL/);
  await step(page, 60);
  assert.ok(await elbo(page) > first + 20, `the ELBO rises: from ${first} to ${await elbo(page)}`);
  await changes(page, "#pairs canvas", picture);
  await changes(page, "canvas.decoded", decoded);
  await changes(page, ".plane", plane);

  await page.click("#go");
  await phase(page, "paused");
  await says(page, "#status", "Paused");
  await page.waitForTimeout(1500);
  const paused = await text(page, "#speed");
  await page.waitForTimeout(2000);
  assert.equal(await text(page, "#speed"), paused, "nothing moves while it is paused");
  const before = Number(await page.evaluate(`document.body.dataset.step`));
  await page.click("#go");
  await step(page, before + 5);
  await staysSmooth(page);
  await page.click("#other");
  await phase(page, "stopped");
  assert.deepEqual(errors, []);
  await page.close();
});

check("of three clicks at once one trains", async () => {
  const { page, errors } = await open();
  await chooseSmall(page, "wasm");
  await page.fill("#epochs", "1000");
  await page.evaluate(`{
    const go = document.querySelector("#go");
    for (let i = 0; i < 3; i++) go.click();
  }`);
  await step(page, 10);
  await page.click("#other");
  await phase(page, "stopped");
  const speed = await text(page, "#speed");
  await page.waitForTimeout(2000);
  assert.equal(await text(page, "#speed"), speed, "nothing trains after it was stopped");
  assert.deepEqual(errors, []);
  await page.close();
});

check("every objective has its own number, equation and ledger", async () => {
  const { page, errors } = await open();
  const titles = (): Promise<string[]> =>
    page.evaluate(`[...document.querySelectorAll(".row h3")].map((title) => title.textContent)`);
  const objectives = [
    ["elbo", "#beta", "4", "4 KL(q ‖ p)", ["Reconstruction", "Divergence", "Objective", "ELBO"]],
    ["warmUp", "#warm-up", "2", "β ↑ 1", ["Reconstruction", "Divergence", "Objective", "ELBO"]],
    ["freeBits", "#free-nats", "1", "Σₖ max(1, KLₖ)", undefined],
    [
      "iwae",
      "#iwae-samples",
      "3",
      "log 1⁄3 Σₛ",
      ["Reconstruction", "Divergence", "Weight entropy", "IWAE, 3 samples"],
    ],
  ] as const;
  for (const [name, field, value, equation, rows] of objectives) {
    await page.selectOption("#objective", name);
    await page.fill(field, value);
    await says(page, "#equations", equation);
    await chooseSmall(page, "wasm");
    // The second button starts anew where there is a model.
    await page.click(name === "elbo" ? "#go" : "#other");
    await phase(page, "training");
    await step(page, 5);
    if (rows) assert.deepEqual(await titles(), rows);
    await page.click("#other");
    await phase(page, "stopped");
  }
  await page.fill("#iwae-samples", "0");
  await page.click("#other");
  assert.equal(await page.evaluate(`document.body.dataset.phase`), "stopped", "0 samples are none");
  assert.deepEqual(errors, []);
  await page.close();
});

check("with the plane decoded all the while, training on wasm leaves the page smooth", async () => {
  const { page, errors } = await open();
  await page.click(".modes input[value=pictures]");
  await chooseSmall(page, "wasm");
  await page.click("#go");
  await step(page, 30);
  await staysSmooth(page);
  assert.deepEqual(errors, []);
  await page.close();
});

check("pictures are exported", async () => {
  const { page, errors } = await open();
  await train(page, "wasm", 10);
  for (
    const [button, name] of [
      ["#pairs-export", "elbo-reconstructions.png"],
      ["#samples-export", "elbo-samples.png"],
    ] as const
  ) {
    const file = await download(page, () => page.click(button));
    assert.equal(file.suggestedFilename(), name);
    const bytes = await Deno.readFile(await file.path());
    assert.deepEqual([...bytes.subarray(1, 4)], [0x50, 0x4e, 0x47]); // PNG
    const width = new DataView(bytes.buffer).getUint32(16);
    assert.equal(width, 4 * (16 * 30 - 2));
  }
  assert.deepEqual(errors, []);
  await page.close();
});
