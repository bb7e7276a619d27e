import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { type Callback, callbacks, evaluate, fit, seed, useBackend } from "../../../mod.ts";
import { onBackends } from "../../helpers/backends.ts";
import { valuesOf } from "../../helpers/parameters.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

onBackends(
  "a model ends with the average of its parameters, which is that of its steps",
  async () => {
    const model = tinyModel(), data = tinyData();
    const before = tf.memory().numTensors;
    const path = "decoder/logits/bias";
    let average = valuesOf(model)[path]!;
    let inEpoch: number[] = [];
    const follow: Callback = {
      kind: "callback",
      name: "follow",
      step: ({ step }) => {
        const decay = Math.min(0.5, (1 + step) / (10 + step));
        const now = valuesOf(model)[path]!;
        average = average.map((value, i) => value + (1 - decay) * (now[i]! - value));
      },
      epoch: () => void (inEpoch = valuesOf(model)[path]!),
    };
    const options = { epochs: 5, batchSize: 16, learningRate: 0.05, seed: 3 };
    const { history } = await fit(model, data, {
      ...options,
      average: { decay: 0.5 },
      validation: data,
      callbacks: [follow],
    });
    const found = valuesOf(model)[path]!;
    found.forEach((value, i) => assert(Math.abs(value - average[i]!) < 1e-6));
    assert.deepEqual(inEpoch, found, "callbacks see the averages after an epoch");
    const noise = seed(3).split("validation");
    const validated = await evaluate(model, data, { seed: noise, batchSize: 16 });
    assert.equal(history.at(-1)!.validation!.objective, validated.objective);
    assert.equal(tf.memory().numTensors, before);

    const plain = tinyModel();
    const trained = await fit(plain, data, options);
    assert.deepEqual(
      trained.history.map(({ training }) => training),
      history.map(({ training }) => training),
      "training itself does not see the averages",
    );
    plain.dispose();
    model.dispose();
  },
);

Deno.test("earlyStopping() puts the best averages back", async () => {
  const model = tinyModel(), data = tinyData();
  const seen: number[][] = [];
  const watch: Callback = {
    kind: "callback",
    name: "watch",
    epoch: () => void seen.push(Object.values(valuesOf(model)).flat()),
  };
  const { history } = await fit(model, data, {
    epochs: 30,
    batchSize: 16,
    learningRate: 0.3,
    average: { decay: 0.9 },
    validation: data,
    callbacks: [callbacks.earlyStopping({ patience: 2 }), watch],
  });
  const scores = history.map(({ validation }) => validation!.bound!.nats);
  const best = scores.indexOf(Math.max(...scores));
  assert.deepEqual(Object.values(valuesOf(model)).flat(), seen[best]);
  model.dispose();
});

Deno.test("fit() refuses a decay that is none", async () => {
  const model = tinyModel();
  for (const decay of [0, 1, NaN]) {
    await assert.rejects(
      fit(model, tinyData(), { average: { decay } }),
      /Cannot fit as 'average.decay' must be above 0 and below 1: current value is/,
    );
  }
  model.dispose();
});
