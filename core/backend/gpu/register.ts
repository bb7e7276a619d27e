/**
 * Our kernels on the GPU backends, each of which counts its launches rather than its work: operations
 * that are several launches of TensorFlow.js's are one of ours, or a few.
 *
 * @module
 */
import { registerWebglKernels } from "./webgl/register.ts";
import { registerWebgpuKernels } from "./webgpu/register.ts";

/** Registers our kernels on a GPU backend that has started; on others it does nothing. */
export function equipGpu(backend: string): void {
  if (backend === "webgpu") registerWebgpuKernels();
  if (backend === "webgl") registerWebglKernels();
}
