/**
 * A worker that multiplies two matrices by `tf.matMul` on one thread: on our wasm backend, or on that
 * of TensorFlow.js alone, which takes XNNPACK where no operand is transposed.
 *
 *     product.ts ours|stock NN|NT|TN|TT M N K
 *
 * @module
 */
import type { tf as TensorFlow } from "../../core/tf.ts";
import { lazy } from "../deps.ts";
import { startWasm } from "./backend.ts";
import { serve } from "./serve.ts";

async function startOurs(): Promise<typeof TensorFlow> {
  await startWasm(1, "wasm");
  return (await import("../../core/tf.ts")).tf;
}

async function startStock(): Promise<typeof TensorFlow> {
  const tf = await lazy.tensorflow();
  await lazy.tensorflowWasm();
  if (!await tf.setBackend("wasm")) throw new Error("wasm does not start");
  await tf.ready();
  return tf;
}

await serve(async () => {
  const [whose, transposed] = Deno.args as [string, string];
  const [m, n, k] = Deno.args.slice(2).map(Number) as [number, number, number];
  const tf = await (whose === "ours" ? startOurs : startStock)();
  const [transposeA, transposeB] = [...transposed].map((letter) => letter === "T");
  const a = tf.randomNormal<TensorFlow.Rank.R2>(transposeA ? [k, m] : [m, k]);
  const b = tf.randomNormal<TensorFlow.Rank.R2>(transposeB ? [n, k] : [k, n]);
  return {
    run: (steps, { begin, end }) => {
      begin();
      for (let step = 0; step < steps; step++) tf.matMul(a, b, transposeA, transposeB).dispose();
      end();
      return Promise.resolve();
    },
  };
});
