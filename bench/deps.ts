/**
 * The packages that the benchmarks alone stand on, those of peers loaded by the one worker that wants it. They
 * are named here and not in deno.json: what is named there, every user of the examples would fetch.
 *
 * @module
 */
// deno-lint-ignore-file no-import-prefix
export type { Array as JaxArray } from "npm:@jax-js/jax@0.1.25";

/** What is compared with Elbo; TensorFlow.js as it comes, with nothing of ours registered. */
export const lazy = {
  jax: () => import("npm:@jax-js/jax@0.1.25"),
  tensorflow: () => import("npm:@tensorflow/tfjs@4.22.0"),
  tensorflowWasm: () => import("npm:@tensorflow/tfjs-backend-wasm@4.22.0"),
};
