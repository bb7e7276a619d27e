/**
 * The sum of the rows that bear the same number: the gradient of `tf.gather`, which the stock backend
 * lacks.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { elementsOf, kernel, type WasmKernel } from "../kernel.ts";

/** `tf.unsortedSegmentSum`. */
export const segmentSum: WasmKernel = kernel<
  { readonly x: tf.TensorInfo; readonly segmentIds: tf.TensorInfo },
  { readonly numSegments: number }
>("UnsortedSegmentSum", ({ inputs, attributes: { numSegments }, runtime, stock }) => {
  const { x, segmentIds } = inputs;
  if (x.dtype !== "float32") return stock();
  const rows = elementsOf(segmentIds), columns = rows === 0 ? 0 : elementsOf(x) / rows;
  const y = runtime.output([numSegments, ...x.shape.slice(segmentIds.shape.length)]);
  const [from, ids, to] = [x, segmentIds, y].map(runtime.address) as [number, number, number];
  runtime.kernels.segmentSum(from, ids, rows, columns, numSegments, to);
  return y;
});
