/**
 * A worker that trains a model of ours with `fit`, as a user does: order, batches, ledger, gradients,
 * optimizer, and the report at the end of an epoch are all in its steps.
 *
 *     elbo.ts MODEL BATCH THREADS wasm|blas
 *
 * @module
 */
import { fit } from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { type ModelName, models, randomBits } from "../models.ts";
import { startWasm } from "./backend.ts";
import { watchKernels } from "./kernels.ts";
import { serve } from "./serve.ts";

/** The batches of an epoch; after as many steps `fit` looks whether all is finite. */
const BATCHES = 50;

/** The first steps of a run make the optimizer's slots. */
const UNMEASURED = 2;

await serve(async () => {
  const [name, size, threads, products] = Deno.args as [ModelName, string, string, string];
  const detail = await startWasm(Number(threads), products);
  const model = models[name]();
  const batchSize = Number(size);
  const data = randomBits(BATCHES * batchSize, model.spec.data);
  return {
    detail,
    run: async (steps, { begin, end }) => {
      await fit(model, data, {
        batchSize,
        steps: UNMEASURED + steps,
        callbacks: [{
          kind: "callback",
          name: "stopwatch",
          step: ({ step }) => {
            if (step === UNMEASURED) begin();
            if (step === UNMEASURED + steps) end();
          },
        }],
      });
    },
    watchKernels: () => watchKernels(tf),
  };
});
