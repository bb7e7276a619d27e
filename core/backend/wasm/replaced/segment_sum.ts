/**
 * The sum of the rows that bear the same number: the gradient of `tf.gather`, which the stock backend
 * lacks.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { wrongType } from "../../../errors.ts";
import { kernel, sizeOf, type WasmKernel } from "../kernel.ts";

/** `tf.unsortedSegmentSum`. */
export const segmentSum: WasmKernel = kernel<
  { readonly x: tf.TensorInfo; readonly segmentIds: tf.TensorInfo },
  { readonly numSegments: number }
>("UnsortedSegmentSum", ({ inputs: { x, segmentIds }, attributes: { numSegments }, runtime }) => {
  if (x.dtype !== "float32") {
    throw wrongType("sum segments on wasm", "the values must be float32", x.dtype);
  }
  const rows = sizeOf(segmentIds), columns = rows === 0 ? 0 : sizeOf(x) / rows;
  const y = runtime.output([numSegments, ...x.shape.slice(segmentIds.shape.length)]);
  const [from, ids, to] = [x, segmentIds, y].map(runtime.address) as [number, number, number];
  runtime.kernels.segmentSum(from, ids, rows, columns, numSegments, to);
  return y;
});
