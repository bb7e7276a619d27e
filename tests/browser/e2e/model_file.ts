/**
 * The model file.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import assert from "node:assert/strict";
import { dataset, evaluate, load, useBackend } from "../../../mod.ts";
import { DIGITS_FILE, SIDE, unpack } from "../../../examples/browser/build/packing.ts";
import { EVALUATION, partRows } from "../../../examples/browser/worker/parts.ts";
import {
  check,
  chooseSmall,
  download,
  drop,
  open,
  phase,
  step,
  table,
  text,
  textFile,
  train,
  until,
} from "./visit.ts";

check("a saved model has the same log-likelihood in Deno", async () => {
  const { page, errors } = await open();
  await train(page, "wasm", 60);
  await page.click("#evaluate");
  await until(page, `document.querySelector("#evaluation").dataset.nats !== undefined`);
  const there = await page.evaluate<number>(`+document.querySelector("#evaluation").dataset.nats`);
  const file = await download(page, () => page.click("#save"));
  assert.equal(file.suggestedFilename(), "elbo-model.safetensors");

  await useBackend({ backend: "cpu" });
  const model = await load(new Blob([await Deno.readFile(await file.path())]));
  const { values } = unpack(await Deno.readFile(`out/playground/${DIGITS_FILE[1]}`), 1);
  const digits = dataset(values, { shape: [SIDE, SIDE], support: "binary" });
  const { rows, ...options } = EVALUATION;
  const some = digits.subset(partRows(digits.size).test.subarray(0, rows));
  const { logLikelihood } = await evaluate(model, some, { seed: 0, ...options });
  model.dispose();
  const here = logLikelihood!.nats;
  console.log(`  log p(x) there ${there.toFixed(4)}, here ${here.toFixed(4)} nats per datum`);
  assert.ok(Math.abs(here - there) < 1e-2, `${there} there, ${here} here`);
  assert.deepEqual(errors, []);
  await page.close();
});

check("a saved model is loaded again, and trains on", async () => {
  const { page, errors } = await open();
  await train(page, "wasm", 30);
  const path = await (await download(page, () => page.click("#save"))).path();
  const { page: next } = await open();
  await chooseSmall(next, "wasm");
  await next.setInputFiles("#model-file", path);
  await phase(next, "stopped");
  await next.click("#go");
  await step(next, 31);
  assert.deepEqual(errors, []);
  await Promise.all([page.close(), next.close()]);
});

check("a table's model is loaded again", async () => {
  const { page, errors } = await open();
  const trees = textFile("trees.csv", table(120));
  await drop(page, [trees]);
  await until(page, `document.body.dataset.data === "trees.csv"`);
  await train(page, "wasm", 10);
  const file = await download(page, () => page.click("#save"));
  await drop(page, [trees]);
  await phase(page, "ready");
  await page.setInputFiles("#model-file", await file.path());
  await phase(page, "stopped");
  assert.equal(await text(page, "#problems"), "");
  await page.click("#go");
  await phase(page, "training");
  assert.deepEqual(errors, []);
  await page.close();
});
