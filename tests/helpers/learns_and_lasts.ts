/**
 * What every model has to do, whatever it is made of.
 *
 * @module
 */
import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import { fit, load, save, type Vae } from "../../mod.ts";
import { inFolder } from "./run.ts";
import { tinyData } from "./tiny.ts";

/** What tells two models apart: their summary, and how they see some data. */
function look(model: Vae): unknown {
  const batch = tinyData().rows([0, 1, 2]);
  const nats = tf.tidy(() => model.elbo(batch, { seed: 1 }).bound!.nats.arraySync());
  tf.dispose(Object.values(batch));
  return [model.summary(), nats];
}

/** Throws unless a model of the tiny data learns, leaves no tensor behind, and is loaded as it was saved. */
export async function learnsAndLasts(make: () => Vae<"binary">): Promise<void> {
  const before = tf.memory().numTensors, model = make();
  const training = { epochs: 8, batchSize: 16, learningRate: 0.01 } as const;
  const { history } = await fit(model, tinyData(), training);
  const [first, last] = [history[0]!, history.at(-1)!];
  assert(last.training.objective > first.training.objective, "the objective to grow");
  await inFolder(async (folder) => {
    await save(model, folder);
    const same = await load(folder);
    assert.deepEqual(look(same), look(model));
    same.dispose();
  });
  model.dispose();
  assert.equal(tf.memory().numTensors, before, "no tensor to be left behind");
}
