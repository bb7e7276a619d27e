import assert from "node:assert/strict";
import process from "node:process";
import { callbacks, divergences, fit, vae } from "../../../mod.ts";
import { tinyData, tinyModel, tinyParts } from "../../helpers/tiny.ts";

/** What is written to the error stream while something runs, as a terminal or not. */
async function written(isTTY: boolean, run: () => Promise<unknown>): Promise<string> {
  const { stderr } = process, write = stderr.write, before = stderr.isTTY;
  let text = "";
  Object.assign(stderr, { isTTY, write: (chunk: string) => (text += chunk, true) });
  try {
    await run();
  } finally {
    Object.assign(stderr, { isTTY: before, write });
  }
  return text;
}

Deno.test("progressBar() shows epoch, terms, speed and time left on a terminal", async () => {
  const model = vae({ ...tinyParts, divergence: divergences.betaKl({ beta: 2 }) });
  const options = { epochs: 2, batchSize: 16, callbacks: [callbacks.progressBar()] };
  const text = await written(true, () => fit(model, tinyData(), options));
  assert.match(text, /epoch 2 █{20} 100% · \S+ left · [\d,]+\/s · −\d+\.\d = /);
  const sums = [...text.matchAll(
    /−([\d.]+) = −([\d.]+) reconstruction − ([\d.]+) divergence · ELBO −([\d.]+)/g,
  )];
  assert(sums.length > 0);
  for (const [, objective, reconstruction, divergence, bound] of sums) {
    // β is 2: what is on the right adds up to what is on the left, and the bound stands apart.
    const rounding = 0.11;
    assert(Math.abs(+reconstruction! + +divergence! - +objective!) < rounding);
    assert(Math.abs(+reconstruction! + +divergence! / 2 - +bound!) < rounding);
  }
  model.dispose();
});

Deno.test("progressBar() is silent elsewhere", async () => {
  const model = tinyModel();
  const options = { epochs: 2, batchSize: 16, callbacks: [callbacks.progressBar()] };
  assert.equal(await written(false, () => fit(model, tinyData(), options)), "");
  model.dispose();
});
