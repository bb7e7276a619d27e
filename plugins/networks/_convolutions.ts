/**
 * Convolutions with `"same"` padding as networks use them: with weights from a scope.
 *
 * @module
 */
import { glorotUniform, type Initializer, zeros } from "../../core/initializers.ts";
import type { Activation } from "../../core/operations/activation.ts";
import { convolution } from "../../core/operations/convolution.ts";
import { transposedConvolution } from "../../core/operations/transposed_convolution.ts";
import type { Scope } from "../../core/scope.ts";
import type { Tensor } from "../../core/types.ts";
import type { Picture } from "./_pictures.ts";

/** What one convolution is made of. */
export interface Convolution {
  readonly kernelSize: number;
  readonly stride: number;
  readonly activation: Activation;
  /** How its kernel starts: Glorot's uniform way unless told. */
  readonly initial?: Initializer;
}

/** A convolution `[B, H, W, inputs]` → `[B, ⌈H/stride⌉, ⌈W/stride⌉, outputs]` with its bias. */
export function convolutionLayer(
  scope: Scope,
  [inputs, outputs]: readonly [number, number],
  { kernelSize, stride, activation, initial = glorotUniform }: Convolution,
): (x: Tensor) => Tensor {
  const kernel = scope.weight("kernel", [kernelSize, kernelSize, inputs, outputs], initial);
  const bias = scope.weight("bias", [outputs], zeros);
  return (x) => convolution(x, { kernel: kernel(), bias: bias(), stride, activation });
}

/** A transposed convolution `[B, …, inputs]` → `[B, ...picture]` with its bias. */
export function transposedConvolutionLayer(
  scope: Scope,
  inputs: number,
  [height, width, outputs]: Picture,
  { kernelSize, stride, activation }: Convolution,
): (x: Tensor) => Tensor {
  // As a convolution from the larger to the smaller picture has it.
  const kernel = scope.weight("kernel", [kernelSize, kernelSize, outputs, inputs], glorotUniform);
  const bias = scope.weight("bias", [outputs], zeros);
  const size = [height, width] as const;
  return (x) =>
    transposedConvolution(x, { kernel: kernel(), bias: bias(), size, stride, activation });
}
