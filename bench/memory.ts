/**
 * Memory over a long run: what 20,000 training steps of the MLP on wasm leave behind.
 *
 *     deno task bench:memory --steps 20000
 *
 * The first 200 steps fill what is kept from then on. Whatever grows afterwards is a leak: tensors,
 * the heap of the backend, or the resident memory of the process (which the garbage collector moves
 * by some megabytes).
 *
 * @module
 */
// deno-lint-ignore-file no-console -- a benchmark is there to be read
import { parseArgs } from "node:util";
import { heapOf } from "../core/backend/wasm/shared_heap.ts";
import { tf } from "../core/tf.ts";
import { type Callback, fit, useBackend } from "../mod.ts";
import { models, randomBits } from "./models.ts";
import { hush, say } from "./progress.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { steps: { type: "string", default: "20000" } },
});

const WARM_UP = 200;
const BATCH = 128;

const { summary } = await useBackend({ backend: "wasm" });
const model = models.mlp(), data = randomBits(4 * BATCH, [784]);
const steps = Number(values.steps);

/** What there is at one moment. */
const measure = () => ({
  tensors: tf.memory().numTensors,
  heap: heapOf(tf.backend()).buffer.byteLength,
  resident: Deno.memoryUsage().rss,
});
let before = measure(), after = before;
const watch: Callback = {
  kind: "callback",
  name: "watch",
  step: ({ step }) => {
    if (step === WARM_UP) before = measure();
    if (step === steps) after = measure();
    if (step % 500 === 0) say(`step ${step} of ${steps}`);
  },
};
await fit(model, data, { steps, batchSize: BATCH, callbacks: [watch] });
hush();
model.dispose();

const growth = {
  steps,
  tensorGrowth: after.tensors - before.tensors,
  heapGrowthBytes: after.heap - before.heap,
  residentGrowthMiB: Math.round((after.resident - before.resident) / 2 ** 20),
};
console.log(summary);
console.log(JSON.stringify(growth));
