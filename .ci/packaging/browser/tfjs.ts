/**
 * TensorFlow.js as a browser loads it: its operations and gradients without layers, converters and
 * readers of data. Each backend is fetched when it is first used, the cpu one as well.
 *
 * Bundlers are told to take this file where Elbo names the whole package.
 *
 * @module
 */
// deno-lint-ignore-file no-import-prefix -- these are the parts of a package that core/deps.ts names
import "npm:@tensorflow/tfjs-core@4.22.0/dist/public/chained_ops/register_all_chained_ops.js";
import "npm:@tensorflow/tfjs-core@4.22.0/dist/register_all_gradients.js";
import { type KernelBackend, registerBackend } from "npm:@tensorflow/tfjs-core@4.22.0";

export * from "npm:@tensorflow/tfjs-core@4.22.0";

registerBackend("cpu", async (): Promise<KernelBackend> => {
  await import("npm:@tensorflow/tfjs-backend-cpu@4.22.0/dist/register_all_kernels.js");
  const { MathBackendCPU } = await import(
    "npm:@tensorflow/tfjs-backend-cpu@4.22.0/dist/backend_cpu.js"
  );
  return new MathBackendCPU();
}, 1);

/** There are none here: a model file that has some is refused with this name. */
export class LayersModel {}

// Named in code that is reached by such models alone; bundlers would warn.
export const layers: undefined = undefined;
export const initializers: undefined = undefined;
