/**
 * The latent space: a plane to drag over, sliders, and classes.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  changes,
  check,
  chooseSmall,
  download,
  open,
  phase,
  pixels,
  says,
  settled,
  step,
  text,
  train,
  until,
} from "./visit.ts";

check("the plane is dragged and walked, and shows pictures", async () => {
  const { page, errors } = await open();
  await train(page, "wasm", 40);
  const origin = await pixels(page, "canvas.decoded");
  const box = await page.evaluate<{ x: number; y: number; width: number; height: number }>(
    `document.querySelector(".plane").scrollIntoView({ block: "center" }),
     document.querySelector(".plane").getBoundingClientRect().toJSON()`,
  );
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.8 * box.width, box.y + 0.3 * box.height);
  await page.mouse.up();
  const there = await text(page, ".readout");
  assert.match(there, /z = \([1-9].*, [1-9]/);
  await changes(page, "canvas.decoded", origin);
  await page.focus(".plane");
  await page.keyboard.press("ArrowLeft");
  assert.notEqual(await text(page, ".readout"), there);
  await page.keyboard.press("Home");
  assert.equal(await text(page, ".readout"), "z = (0.00, 0.00)");
  const means = await settled(page, ".plane");
  await page.focus("input[value=means]");
  await page.keyboard.press("ArrowRight");
  await changes(page, ".plane", means);
  const exported = await download(page, () => page.click("#latents-export"));
  assert.equal(exported.suggestedFilename(), "elbo-latents.png");
  assert.deepEqual(errors, []);
  await page.close();
});

check("other numbers of latents have sliders", async () => {
  const { page, errors } = await open();
  await page.fill("#latent", "5");
  await train(page, "wasm", 20);
  assert.equal(await page.evaluate(`document.querySelectorAll(".slider").length`), 5);
  const before = await pixels(page, "canvas.decoded");
  const traversal = await pixels(page, ".slider:nth-of-type(2) .strip");
  await page.focus(".slider input");
  for (let i = 0; i < 20; i++) await page.keyboard.press("ArrowRight");
  assert.equal(await text(page, ".slider output"), "2.0");
  await changes(page, "canvas.decoded", before);
  await changes(page, ".slider:nth-of-type(2) .strip", traversal);
  await page.click("text=From a test datum");
  await until(page, `document.querySelector(".slider output").textContent !== "2.0"`);
  assert.deepEqual(errors, []);
  await page.close();
});

check("a model that is told the class draws a chosen digit", async () => {
  const { page, errors } = await open();
  await page.click("#conditional");
  const priors = await page.evaluate<string[]>(
    `[...document.querySelector("#prior").options].map(({ value }) => value)`,
  );
  assert.ok(priors.includes("conditionalNormal") && !priors.includes("vampPrior"), `${priors}`);
  await page.selectOption("#prior", "conditionalNormal");
  await says(page, "#equations", "z | c ~ N(μ(c), σ²(c))");
  await train(page, "wasm", 60);
  const zero = await pixels(page, "canvas.decoded");
  await page.click(".pad input[value='7']");
  await changes(page, "canvas.decoded", zero);
  const all = await pixels(page, "#samples canvas");
  await page.selectOption("#sample-class", "7");
  await changes(page, "#samples canvas", all);
  await page.click("#evaluate");
  await says(page, "#evaluation", "nats per datum");

  const file = await download(page, () => page.click("#save"));
  const { page: next } = await open();
  await chooseSmall(next, "wasm");
  await next.setInputFiles("#model-file", await file.path());
  await phase(next, "stopped");
  await until(next, `document.querySelector(".pad") !== null`);
  await next.fill("#latent", "5");
  await next.click("#conditional");
  await next.click("#other"); // Anew, and without the class.
  await step(next, 2);
  assert.deepEqual(errors, []);
  await Promise.all([page.close(), next.close()]);
});
