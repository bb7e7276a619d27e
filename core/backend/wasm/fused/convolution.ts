/**
 * activation(x ∗ W + b), from large pictures to small ones and the other way.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import type { ConvolutionAttributes } from "../../../operations/convolution.ts";
import type {
  TransposedConvolutionAttributes,
} from "../../../operations/transposed_convolution.ts";
import { convolutionOf, convolve, convolveTransposed } from "../convolutions.ts";
import { kernel, type WasmKernel } from "../kernel.ts";

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly kernel: tf.TensorInfo;
  readonly bias: tf.TensorInfo;
}

/** A convolution. */
export const convolution: WasmKernel = kernel<Inputs, ConvolutionAttributes>(
  "ElboConvolution",
  ({ inputs: { x, kernel, bias }, attributes, runtime }) => {
    const { stride, padding, activation } = attributes;
    const shapes = convolutionOf(x.shape, kernel.shape, { strides: stride, pad: padding });
    const then = { bias: runtime.address(bias), relu: activation === "relu" };
    return convolve(x, kernel, shapes, runtime, then);
  },
);

/** A transposed convolution, whose shapes are those of the convolution from its answer to x. */
export const transposedConvolution: WasmKernel = kernel<
  Inputs,
  TransposedConvolutionAttributes
>("ElboTransposedConvolution", ({ inputs: { x, kernel, bias }, attributes, runtime }) => {
  const { stride, padding, activation, size } = attributes;
  const pictures = [x.shape[0]!, ...size, kernel.shape[2]!];
  const shapes = convolutionOf(pictures, kernel.shape, { strides: stride, pad: padding });
  const then = { bias: runtime.address(bias), relu: activation === "relu" };
  return convolveTransposed(x, kernel, shapes, runtime, then);
});
