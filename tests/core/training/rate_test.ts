import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { type Callback, fit, type Schedule, schedules, useBackend } from "../../../mod.ts";
import { onBackends } from "../../helpers/backends.ts";
import { valuesOf } from "../../helpers/parameters.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

onBackends("fit() takes each step at the learning rate that its schedule says", async () => {
  const learningRate = schedules.linear({ from: 0.1, to: 0, steps: 4 });
  const model = tinyModel(), moved: number[] = [];
  let before = valuesOf(model);
  const watch: Callback = {
    kind: "callback",
    name: "watch",
    step: () => {
      const now = valuesOf(model);
      // A bias that has a gradient in every step; Adam's steps are about as large as its rate.
      const path = "decoder/logits/bias";
      moved.push(Math.max(...now[path]!.map((value, i) => Math.abs(value - before[path]![i]!))));
      before = now;
    },
  };
  await fit(model, tinyData(), { steps: 6, batchSize: 64, learningRate, callbacks: [watch] });
  moved.forEach((size, i) => {
    const rate = Math.max(0, 0.1 - 0.025 * i);
    assert(size <= 1.1 * rate && size >= 0.5 * rate, `${size} at rate ${rate}`);
  });
  model.dispose();
});

onBackends("a constant schedule is the same as the number", async () => {
  const train = async (learningRate: number | Schedule) => {
    const model = tinyModel();
    await fit(model, tinyData(), { steps: 5, batchSize: 16, learningRate });
    const values = valuesOf(model);
    model.dispose();
    return values;
  };
  assert.deepEqual(await train(schedules.constant({ value: 0.01 })), await train(0.01));
});

Deno.test("fit() refuses a learning rate that is none", async () => {
  const model = tinyModel(), data = tinyData();
  const before = tf.memory().numTensors;
  const negative = schedules.linear({ from: 0.5, to: -0.5, steps: 2 });
  await assert.rejects(fit(model, data, { learningRate: negative, steps: 9 }), {
    name: "RangeError",
    message: "Cannot train as 'learningRate' must be a non-negative number: current value is -0.5",
  });
  const optimizer = tf.train.sgd(0.1);
  await assert.rejects(fit(model, data, { learningRate: negative, optimizer }), {
    message:
      "Cannot fit as 'learningRate' must not be given beside an 'optimizer': current value is 'linear'",
  });
  optimizer.dispose();
  assert.equal(tf.memory().numTensors, before);
  model.dispose();
});
