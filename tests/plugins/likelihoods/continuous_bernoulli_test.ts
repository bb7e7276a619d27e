import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  dataset,
  divergences,
  fit,
  likelihoods,
  load,
  narrow,
  save,
  useBackend,
  vae,
} from "../../../mod.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyParts } from "../../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

Deno.test("continuousBernoulli() says what it is for", () => {
  const { kind, name, options, support, heads } = likelihoods.continuousBernoulli();
  assert.deepEqual([kind, name, options, support], [
    "likelihood",
    "continuousBernoulli",
    {},
    "unit",
  ]);
  assert.deepEqual(heads([2, 3]), { logits: [2, 3] });
});

Deno.test("continuousBernoulli() learns grey values, and is saved and loaded", () =>
  inFolder(async (folder) => {
    const model = vae({
      ...tinyParts,
      likelihood: likelihoods.continuousBernoulli(),
      divergence: divergences.kl(),
    });
    const grey = Array.from({ length: 32 }, (_, i) => [0, 1, 0.1, 0.2, i % 2, 0.9]);
    const data = dataset(grey, { support: "unit" });
    const { history } = await fit(model, data, { epochs: 40, batchSize: 32, learningRate: 0.02 });
    // Of uniform densities it would be 0.
    assert(history.at(-1)!.training.objective > 1);
    await save(model, folder);
    const same = narrow(await load(folder), "unit");
    const [expected, seen] = [model, same].map((m) =>
      tf.tidy(() => m.reconstruct(tf.tensor2d(grey.slice(0, 2))).arraySync())
    );
    assert.deepEqual(seen, expected);
    same.dispose();
    model.dispose();
  }));
