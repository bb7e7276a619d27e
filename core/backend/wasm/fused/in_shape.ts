/**
 * The same data in another shape.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import type { Shape } from "../../../types.ts";
import { kernel, type WasmKernel } from "../kernel.ts";

/** Shares the data, as `Identity` does. */
export const inShape: WasmKernel = kernel<
  { readonly x: tf.TensorInfo },
  { readonly shape: Shape }
>("ElboInShape", ({ inputs: { x }, attributes: { shape }, runtime }) => {
  runtime.backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: [...shape], dtype: x.dtype };
});
