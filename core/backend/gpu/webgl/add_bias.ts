/**
 * Bias and activation over the last axis, and the way back.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import type { Tensor } from "../../../types.ts";
import type { LayerAttributes } from "../dense.ts";
import { elementwise, kernel, type WebglKernel } from "./program.ts";
import { sumOverRows } from "./sums.ts";

/** Bias and activation over the last axis. */
export const addBias: WebglKernel = kernel<
  { readonly x: tf.TensorInfo; readonly bias: tf.TensorInfo },
  LayerAttributes
>(
  "ElboAddBias",
  ({ inputs: { x, bias }, attributes: { activation }, backend }) =>
    elementwise(backend, {
      reads: { x, bias },
      shape: x.shape,
      value: activation === "relu" ? "max(x + bias, 0.0)" : "x + bias",
    }),
);

/** The gradients by the bias and, where there is an activation, by what came before it. */
export const addBiasGradient: WebglKernel = kernel<
  { readonly upstream: Tensor; readonly answer?: Tensor },
  LayerAttributes
>("ElboAddBiasGradient", ({ inputs: { upstream, answer }, backend }) => {
  if (answer === undefined) return [sumOverRows(backend, upstream)];
  const dx = elementwise(backend, {
    reads: { upstream, answer },
    shape: upstream.shape,
    value: "upstream * vec4(greaterThan(answer, vec4(0.0)))",
  });
  return [sumOverRows(backend, dx), dx];
});
