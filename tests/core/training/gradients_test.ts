import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  type ArrayDataset,
  type Callback,
  type Distribution,
  type distributions,
  fit,
  type FitOptions,
  type Objective,
  type StepReport,
  useBackend,
  vae,
} from "../../../mod.ts";
import { onBackends } from "../../helpers/backends.ts";
import { valuesOf } from "../../helpers/parameters.ts";
import { tinyData, tinyModel, tinyParts } from "../../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

/** Minus the mean over the batch of what the encoder says: its gradients are known. */
const known: Objective<distributions.Normal, Distribution> = {
  kind: "objective",
  name: "known",
  options: {},
  ledger: ({ posterior }) => ({
    terms: [],
    objective: tf.neg(tf.mean(tf.sum(posterior.mean, 1))),
  }),
};

/** What one step of gradient descent with rate 1 subtracts from the parameters of a model. */
async function gradientsOf(
  data: ArrayDataset<"binary">,
  options: FitOptions<"binary">,
): Promise<Record<string, number[]>> {
  const model = vae({ ...tinyParts, objective: known });
  const before = valuesOf(model), optimizer = tf.train.sgd(1);
  const tensors = tf.memory().numTensors;
  await fit(model, data, { steps: 1, optimizer, ...options });
  assert.equal(tf.memory().numTensors, tensors);
  const after = valuesOf(model);
  optimizer.dispose();
  model.dispose();
  return Object.fromEntries(
    Object.entries(before).map((
      [path, values],
    ) => [path, values.map((value, i) => value - after[path]![i]!)]),
  );
}

const normOf = (gradients: Record<string, number[]>): number =>
  Math.hypot(...Object.values(gradients).flat());

function assertSame(found: Record<string, number[]>, wanted: Record<string, number[]>): void {
  for (const [path, values] of Object.entries(wanted)) {
    values.forEach((value, i) =>
      assert(Math.abs(found[path]![i]! - value) < 1e-6, `${path}: ${found[path]![i]} ≠ ${value}`)
    );
  }
}

onBackends("fit() scales gradients down to a norm, and leaves smaller ones alone", async () => {
  const data = tinyData(), whole = await gradientsOf(data, { batchSize: 64 });
  const norm = normOf(whole);
  assert(norm > 1);
  const clipped = await gradientsOf(data, { batchSize: 64, clip: { norm: norm / 4 } });
  assertSame(clipped, mapped(whole, (value) => value / 4));
  const untouched = await gradientsOf(data, { batchSize: 64, clip: { norm: 2 * norm } });
  assert.deepEqual(untouched, whole);
});

function mapped(
  gradients: Record<string, number[]>,
  change: (value: number) => number,
): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(gradients).map(([path, values]) => [path, values.map(change)]),
  );
}

onBackends("fit() clips every number of a gradient, before it scales them all", async () => {
  const data = tinyData(), whole = await gradientsOf(data, { batchSize: 64 });
  const limited = mapped(whole, (value) => Math.max(-0.1, Math.min(0.1, value)));
  assertSame(await gradientsOf(data, { batchSize: 64, clip: { value: 0.1 } }), limited);
  const norm = normOf(limited) / 2;
  const both = await gradientsOf(data, { batchSize: 64, clip: { value: 0.1, norm } });
  assertSame(both, mapped(limited, (value) => value / 2));
});

onBackends("n small batches have the gradient of one large one, by their rows", async () => {
  const data = tinyData(50), whole = await gradientsOf(data, { batchSize: 50 });
  assertSame(await gradientsOf(data, { batchSize: 25, accumulate: 2 }), whole);
  // 16, 16, 16 and 2 rows; and the same where the epoch ends before the step has all of its batches.
  assertSame(await gradientsOf(data, { batchSize: 16, accumulate: 4 }), whole);
  assertSame(await gradientsOf(data, { batchSize: 16, accumulate: 9 }), whole);
});

Deno.test("fit() counts steps and not batches where several make one", async () => {
  const model = tinyModel(), reports: StepReport[] = [];
  const watch: Callback = {
    kind: "callback",
    name: "watch",
    step: (report, run) => {
      assert.deepEqual([run.steps, run.stepsPerEpoch], [4, 2]);
      reports.push(report);
    },
  };
  const options = { epochs: 2, batchSize: 8, accumulate: 3, callbacks: [watch] };
  const { steps, history } = await fit(model, tinyData(40), options);
  assert.equal(steps, 4);
  assert.deepEqual(reports.map(({ rows }) => rows), [24, 16, 24, 16]);
  assert.deepEqual(history.map(({ step }) => step), [2, 4]);
  assert.equal(model.progress.step, 3);
  model.dispose();
});

onBackends("fit() finishes a step that was begun before it heeds a signal", async () => {
  const model = tinyModel(), controller = new AbortController();
  const data = tinyData(64), taken: number[] = [];
  const before = tf.memory().numTensors;
  const { steps, stopped } = await fit(model, {
    ...data,
    batches: async function* (options) {
      let i = 0;
      for await (const batch of data.batches(options)) {
        if (++i === 5) controller.abort();
        taken.push(i);
        yield batch;
      }
    },
  }, { epochs: 9, batchSize: 8, accumulate: 3, signal: controller.signal });
  assert.deepEqual([steps, stopped, taken.at(-1)], [2, "aborted", 6]);
  assert.equal(tf.memory().numTensors, before);
  model.dispose();
});

Deno.test("fit() refuses to clip and to gather by what is no number", async () => {
  const model = tinyModel(), data = tinyData();
  const wrong: [FitOptions<"binary">, RegExp][] = [
    [{ clip: {} }, /Cannot fit as 'clip' must have norm or value: current value is \{\}/],
    [{ clip: { norm: 0 } }, /'clip.norm' must be a positive number: current value is 0/],
    [{ clip: { value: NaN } }, /'clip.value' must be a positive number: current value is NaN/],
    [{ accumulate: 0 }, /'accumulate' must be a positive integer: current value is 0/],
  ];
  for (const [options, message] of wrong) await assert.rejects(fit(model, data, options), message);
  model.dispose();
});
