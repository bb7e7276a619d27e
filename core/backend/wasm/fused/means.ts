/**
 * Means in one launch: of each of some tensors, and of the total of some columns.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { MEANS } from "../../../operations/means.ts";
import type { Shape } from "../../../types.ts";
import { elementsOf, kernel, type WasmKernel } from "../kernel.ts";

/** The mean of each tensor. */
export const means: WasmKernel = kernel<Readonly<Record<string, tf.TensorInfo>>, unknown>(
  MEANS,
  ({ inputs, runtime }) => {
    const tensors = Object.values(inputs);
    const answer = runtime.output([tensors.length]), start = runtime.address(answer);
    tensors.forEach((tensor, i) =>
      runtime.kernels.sumRows(runtime.address(tensor), 1, elementsOf(tensor), start + 4 * i)
    );
    const sums = runtime.view(start, tensors.length);
    tensors.forEach((tensor, i) => sums[i]! /= elementsOf(tensor));
    return answer;
  },
);

/** The mean over the batch of the total of some columns `[B]` or `[]`. */
export const meanOfTotal: WasmKernel = kernel<Readonly<Record<string, tf.TensorInfo>>, unknown>(
  "ElboMeanOfTotal",
  ({ inputs, runtime }) => {
    const columns = Object.values(inputs), answer = runtime.output([]);
    const start = runtime.address(answer);
    let total = 0;
    for (const column of columns) {
      runtime.kernels.sumRows(runtime.address(column), 1, elementsOf(column), start);
      total += runtime.view(start, 1)[0]! / elementsOf(column);
    }
    runtime.view(start, 1)[0] = total;
    return answer;
  },
);

/** The same share of the upstream gradient for each element of a column. */
export const meanOfTotalGradient: WasmKernel = kernel<
  { readonly upstream: tf.TensorInfo },
  { readonly shape: Shape }
>("ElboMeanOfTotalGradient", ({ inputs: { upstream }, attributes: { shape }, runtime }) => {
  const answer = runtime.output(shape), size = elementsOf(answer);
  const share = runtime.view(runtime.address(upstream), 1)[0]! / size;
  runtime.view(runtime.address(answer), size).fill(share);
  return answer;
});
