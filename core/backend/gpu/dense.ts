/**
 * Dense layers out of kernels that a GPU backend has: its own product, which takes bias and activation
 * along, and our way back through these two.
 *
 * @module
 */
import { tf } from "../../deps.ts";
import type { FusedActivation } from "../../operations/activation.ts";
import { addBiasGradient } from "../../operations/add_bias.ts";
import { launch } from "../../operations/operation.ts";
import type { Tensor } from "../../types.ts";
import type { GpuKernel, KernelCall } from "./kernels.ts";

/** What our layers have as an attribute. */
export interface LayerAttributes {
  readonly activation: FusedActivation;
}

type DenseInputs = { readonly x: Tensor; readonly kernel: Tensor; readonly bias: Tensor };

/** activation(x·W + b). */
function run(
  { inputs: { x: a, kernel: b, bias }, attributes }: KernelCall<
    DenseInputs,
    LayerAttributes,
    unknown
  >,
): Tensor {
  const transposed = { transposeA: false, transposeB: false };
  return launch<Tensor>("_FusedMatMul", { a, b, bias }, { ...transposed, ...attributes });
}

/** The gradients by W, by b and, where there is an activation, by what came before it. */
function runGradient(
  { inputs: { upstream, x, answer }, attributes: { activation } }: KernelCall<
    { readonly upstream: Tensor; readonly x: Tensor; readonly answer: Tensor },
    LayerAttributes,
    unknown
  >,
): Tensor[] {
  const { dx, dbias } = addBiasGradient(upstream, answer, activation);
  const dkernel = tf.matMul(x as tf.Tensor2D, dx as tf.Tensor2D, true, false);
  return activation === "linear" ? [dkernel, dbias] : [dkernel, dbias, dx];
}

/** Dense layers and their gradients. */
export const dense: readonly GpuKernel<unknown>[] = [
  { name: "ElboDense", run },
  { name: "ElboDenseGradient", run: runGradient },
];
