/**
 * A tensor again: it shares the data, as tensors never change. (A variable that changes in place
 * takes data of its own first.)
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { kernel, type WasmKernel } from "../kernel.ts";

/** `tf.clone`, which every tensor that a gradient needs goes through. */
export const identity: WasmKernel = kernel<{ readonly x: tf.TensorInfo }, unknown>(
  "Identity",
  ({ inputs: { x }, runtime }) => {
    runtime.backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  },
);
