/**
 * A worker that estimates log p(x) with `evaluate`, as a user does. One step is all rows.
 *
 *     elbo_evidence.ts ROWS SAMPLES THREADS wasm|blas
 *
 * @module
 */
import { evaluate } from "../../mod.ts";
import { models, randomBits } from "../models.ts";
import { startWasm } from "./backend.ts";
import { serve } from "./serve.ts";

await serve(async () => {
  const [rows, importanceSamples, threads] = Deno.args.map(Number) as [number, number, number];
  const detail = await startWasm(threads, Deno.args[3]!);
  const model = models.mlp();
  const data = randomBits(rows, model.spec.data);
  let seed = 0;
  await evaluate(model, data, { seed, importanceSamples: 64 }); // Warms it up.
  return {
    detail,
    run: async (steps, { begin, end }) => {
      begin();
      for (let step = 0; step < steps; step++) {
        await evaluate(model, data, { seed: ++seed, importanceSamples });
      }
      end();
    },
  };
});
