/**
 * Our kernels on the GPU backends. What a training step costs there is its launches more than its
 * work, so an operation that is many launches of TensorFlow.js's own kernels is one of ours, or a few.
 *
 * @module
 */
import { tf } from "../../deps.ts";
import { watchDevice } from "../device.ts";
import { mendProducts } from "./webgl/products.ts";
import { registerWebglKernels } from "./webgl/register.ts";
import { registerWebgpuKernels } from "./webgpu/register.ts";

/** Registers our kernels on a GPU backend that has started, and watches its device. */
export function equipGpu(backend: string): void {
  watchDevice();
  if (backend === "webgpu") registerWebgpuKernels();
  if (backend === "webgl") mendProducts();
  // Our sums would overflow in textures of 16-bit numbers, which some phones have.
  if (backend === "webgl" && tf.env().getBool("WEBGL_RENDER_FLOAT32_ENABLED")) {
    registerWebglKernels();
  }
}
