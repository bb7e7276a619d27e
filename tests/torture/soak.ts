/**
 * A long run on wasm with all that a run may have, checkpoints included: what it leaves behind.
 *
 *     deno task torture:soak --steps 20000
 *
 * The first tenth of the steps fills what is kept from then on. Of what comes then, the median of the
 * last tenth is compared with that of the first, as the garbage collector moves resident memory by
 * some megabytes from moment to moment. The last line is one JSON object: `steps`, `tensorGrowth`,
 * `heapGrowthBytes` (the heap of the backend) and `residentGrowthMiB`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { models, randomBits } from "../../bench/models.ts";
import { heapOf } from "../../core/backend/wasm/shared_heap.ts";
import { tf } from "../../core/tf.ts";
import { type Callback, callbacks, fit, schedules, useBackend } from "../../mod.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { steps: { type: "string", default: "20000" } },
});

const steps = Number(values.steps), BATCH = 64, EPOCH = 50;

/** What there is at one moment. */
interface Sample {
  readonly tensors: number;
  readonly heap: number;
  readonly resident: number;
}

const samples: Sample[] = [];

const watch: Callback = {
  kind: "callback",
  name: "watch",
  step: ({ step }) => {
    if (step % Math.max(1, Math.floor(steps / 200)) !== 0) return;
    samples.push({
      tensors: tf.memory().numTensors,
      heap: heapOf(tf.backend()).buffer.byteLength,
      resident: Deno.memoryUsage().rss,
    });
    if (step % 1000 === 0) {
      const mebibytes = Math.round(samples.at(-1)!.resident / 2 ** 20);
      console.log(`step ${step} of ${steps}: ${mebibytes} MiB resident`);
    }
  },
};

await useBackend({ backend: "wasm" });
await Deno.mkdir("out", { recursive: true });
const folder = await Deno.makeTempDir({ dir: "out", prefix: "soak-" });
const model = models.mlp(), data = randomBits(BATCH * EPOCH, [784]);
try {
  await fit(model, data, {
    steps,
    batchSize: BATCH,
    learningRate: schedules.cosine({ from: 1e-3, to: 1e-4, steps }),
    clip: { norm: 100 },
    average: { decay: 0.999 },
    rollback: { attempts: 1 },
    validation: randomBits(BATCH, [784]),
    checkpoints: { folder, everySteps: 500, keep: 2, keepBest: false },
    callbacks: [callbacks.earlyStopping({ patience: steps }), watch],
  });
} finally {
  await Deno.remove(folder, { recursive: true });
  model.dispose();
}

/** How much more there is at the end than after the first tenth. */
function growth(of: (sample: Sample) => number): number {
  const tenth = Math.floor(samples.length / 10);
  const median = (some: readonly Sample[]): number =>
    some.map(of).toSorted((a, b) => a - b)[some.length >> 1]!;
  return median(samples.slice(-tenth)) - median(samples.slice(tenth, 2 * tenth));
}

console.log(JSON.stringify({
  steps,
  tensorGrowth: growth(({ tensors }) => tensors),
  heapGrowthBytes: growth(({ heap }) => heap),
  residentGrowthMiB: Math.round(growth(({ resident }) => resident) / 2 ** 20),
}));
