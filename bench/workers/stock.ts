/**
 * A worker that trains the same model with TensorFlow.js alone: its own operations, `tf.train.adam`,
 * and a backend that it starts itself. Nothing of Elbo is loaded. One batch is used again and again,
 * which spares it the work of making batches.
 *
 *     stock.ts MODEL BATCH BACKEND
 *
 * @module
 */
import { lazy } from "../deps.ts";
import type { ModelName } from "../models.ts";
import { watchKernels } from "./kernels.ts";
import { serve } from "./serve.ts";
import { stockModels } from "./stock_models.ts";

await serve(async () => {
  const [name, size, backend] = Deno.args;
  const tf = await lazy.tensorflow();
  if (backend === "wasm") await lazy.tensorflowWasm();
  if (!await tf.setBackend(backend!)) throw new Error(`${backend} does not start`);
  await tf.ready();
  const batch = Number(size);
  const { shape, loss } = stockModels(tf)[name as ModelName];
  const x = tf.randomUniform([batch, ...shape]).greater(0.5).toFloat();
  const lossOfBatch = loss(batch);
  const optimizer = tf.train.adam(1e-3);
  return {
    run: (steps, { begin, end }) => {
      begin();
      for (let step = 0; step < steps; step++) optimizer.minimize(() => lossOfBatch(x));
      end();
      return Promise.resolve();
    },
    watchKernels: () => watchKernels(tf),
  };
});
