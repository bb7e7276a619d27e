import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  type Callback,
  fit,
  NonFiniteError,
  type Optimizer,
  type Rollback,
  useBackend,
  type Vae,
} from "../../../mod.ts";
import { onBackends } from "../../helpers/backends.ts";
import { valuesOf } from "../../helpers/parameters.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

/** Breaks a parameter after some step, as often as it is told. */
function poison(model: Vae, after: number, times: number): Callback {
  return {
    kind: "callback",
    name: "poison",
    step: ({ step }) => {
      if (step !== after || times-- <= 0) return;
      const bias = model.parameters.get("decoder/logits/bias")!;
      tf.tidy(() => bias.assign(tf.fill(bias.shape, NaN)));
    },
  };
}

onBackends("fit() goes back to where all was finite, and on more slowly", async () => {
  const model = tinyModel(), data = tinyData();
  const before = tf.memory().numTensors;
  const told: Rollback[] = [], steps: number[] = [];
  const watch: Callback = {
    kind: "callback",
    name: "watch",
    step: ({ step }) => void steps.push(step),
    rollback: (report) => void told.push(report),
  };
  const { rollbacks, history, stopped } = await fit(model, data, {
    epochs: 4,
    batchSize: 16,
    average: { decay: 0.9 },
    rollback: { attempts: 2, factor: 0.1 },
    callbacks: [poison(model, 6, 2), watch],
  });
  // Four steps an epoch, at whose end all is looked at.
  const reason =
    "Cannot go on training as parameter 'decoder/logits/bias' must be finite at step 7";
  assert.deepEqual(rollbacks, told);
  assert.deepEqual(rollbacks.map(({ step, share }) => [step, share]), [[4, 0.1], [4, 0.1 * 0.1]]);
  assert(rollbacks.every((rollback) => rollback.reason.startsWith(reason)));
  assert.deepEqual(steps, [
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    5,
    6,
    7,
    8,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
  ]);
  assert.deepEqual(history.map(({ step }) => step), [4, 8, 12, 16]);
  assert.equal(stopped, "epochs");
  assert(Object.values(valuesOf(model)).flat().every(Number.isFinite));
  assert.equal(tf.memory().numTensors, before);
  model.dispose();
});

onBackends("what was learned before a roll-back is what a run has without one", async () => {
  const train = async (broken: boolean, optimizer?: Optimizer) => {
    const model = tinyModel();
    // Smaller by a factor that is next to none.
    const rollback = { attempts: 1, factor: 1 - 2 ** -53 };
    const callbacks = broken ? [poison(model, 6, 1)] : [];
    const options = { epochs: 3, batchSize: 16, rollback, callbacks };
    const { history } = await fit(
      model,
      tinyData(),
      optimizer ? { ...options, optimizer } : options,
    );
    const values = valuesOf(model);
    model.dispose();
    optimizer?.dispose();
    return [values, history];
  };
  assert.deepEqual(await train(true), await train(false));
  const others = [
    () => tf.train.momentum(0.01, 0.9),
    () => tf.train.rmsprop(0.01),
    () => tf.train.adam(0.01),
    () => tf.train.adagrad(0.01),
    () => tf.train.sgd(0.01),
  ];
  for (const make of others) {
    assert.deepEqual(await train(true, make()), await train(false, make()));
  }
});

Deno.test("fit() ends where it has gone back as often as it may, with what was finite", async () => {
  const model = tinyModel();
  const before = tf.memory().numTensors;
  const run = fit(model, tinyData(), {
    epochs: 4,
    batchSize: 16,
    rollback: { attempts: 2 },
    callbacks: [poison(model, 6, 99)],
  });
  await assert.rejects(run, NonFiniteError);
  assert(Object.values(valuesOf(model)).flat().every(Number.isFinite));
  assert.equal(tf.memory().numTensors, before);
  model.dispose();
});

Deno.test("a roll-back leaves an optimizer the rate that it was given with", async () => {
  const model = tinyModel(), optimizer = tf.train.sgd(0.25);
  await fit(model, tinyData(), {
    steps: 8,
    batchSize: 16,
    optimizer,
    rollback: { attempts: 1 },
    callbacks: [poison(model, 2, 1)],
  });
  assert.equal(optimizer.getConfig().learningRate, 0.25);
  optimizer.dispose();
  model.dispose();
});

Deno.test("fit() refuses roll-backs that are none, and optimizers that cannot go back", async () => {
  const model = tinyModel(), data = tinyData();
  await assert.rejects(
    fit(model, data, { rollback: { attempts: 0 } }),
    /Cannot fit as 'rollback.attempts' must be a positive integer: current value is 0/,
  );
  await assert.rejects(
    fit(model, data, { rollback: { attempts: 1, factor: 1 } }),
    /Cannot fit as 'rollback.factor' must be above 0 and below 1: current value is 1/,
  );
  const optimizer = tf.train.adamax(0.1);
  await assert.rejects(
    fit(model, data, { rollback: { attempts: 1 }, optimizer }),
    /Cannot keep the state of a run as the optimizer must know its state, and 'Adamax' does not/,
  );
  optimizer.dispose();
  model.dispose();
});
