/**
 * A transposed convolution of pictures, which goes from small ones to large ones.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { requirePositiveInteger, wrongType } from "../errors.ts";
import { sameShape, type Tensor } from "../types.ts";
import { fused } from "./activation.ts";
import { addBias, addBiasGradient, readsAnswer } from "./add_bias.ts";
import {
  type ConvolutionAttributes,
  type ConvolutionParameters,
  kernelGradient,
  requireLayable,
  requirePictures,
} from "./convolution.ts";
import { operation } from "./operation.ts";

/** What a transposed convolution is made of. */
export interface TransposedConvolutionParameters extends Omit<ConvolutionParameters, "kernel"> {
  /** W `[height, width, outputs, inputs]`, as the convolution from large to small has it. */
  readonly kernel: Tensor;
  /** The height and width of the pictures that it answers. */
  readonly size: readonly [height: number, width: number];
}

type Inputs = { readonly x: Tensor; readonly kernel: Tensor; readonly bias: Tensor };

/** How a kernel is laid on pictures of which size, and what follows. */
export interface TransposedConvolutionAttributes extends ConvolutionAttributes {
  readonly size: readonly [height: number, width: number];
}

const run = operation<Inputs, TransposedConvolutionAttributes, Tensor>({
  name: "ElboTransposedConvolution",
  define: ({ x, kernel, bias }, { size, stride, padding, activation }) => {
    const [from, filter] = [x as tf.Tensor4D, kernel as tf.Tensor4D];
    const shape: tf.Tensor4D["shape"] = [from.shape[0], ...size, filter.shape[2]];
    return addBias(tf.conv2dTranspose(from, filter, shape, stride, padding), { bias, activation });
  },
  fits: ({ x, kernel, bias }) =>
    x.rank === 4 && kernel.rank === 4 && x.shape[3] === kernel.shape[3] &&
    sameShape(bias.shape, kernel.shape.slice(2, 3)),
  saves: { inputs: ["x", "kernel"], answer: readsAnswer },
  gradient: (upstream, { x, kernel, answer }, attributes) => {
    const { dx: dsum, dbias } = addBiasGradient(upstream, answer, attributes.activation);
    const [from, filter] = [dsum as tf.Tensor4D, kernel as tf.Tensor4D];
    return {
      x: () => tf.conv2d(from, filter, attributes.stride, attributes.padding),
      kernel: () => kernelGradient(dsum, x, kernel, attributes),
      bias: () => dbias,
    };
  },
});

/**
 * activation(x ∗ᵀ W + b): what the gradient of a convolution does to pictures, with a bias.
 *
 * @param x Pictures `[B, ⌈height/stride⌉, ⌈width/stride⌉, inputs]`, smaller where the kernel may not
 *   reach beyond the edges.
 * @param parameters The kernel, the bias, the size of the answer, how the kernel is laid, and the
 *   activation.
 * @returns Pictures `[B, height, width, outputs]`.
 * @throws {RangeError} If the stride or a length of the size is not 1, 2, 3, …, or the padding is
 *   neither.
 * @throws {TypeError} If the convolution does not take pictures of that size to such as x.
 *
 * @example
 * ```ts
 * import { transposedConvolution } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const kernel = tf.ones([2, 2, 1, 1]), bias = tf.tensor1d([1]);
 *   const x = tf.tensor4d([3], [1, 1, 1, 1]);
 *   const y = transposedConvolution(x, { kernel, bias, size: [2, 2], stride: 2 });
 *   assert.deepEqual([...y.dataSync()], [4, 4, 4, 4]);
 * });
 * ```
 */
export function transposedConvolution(
  x: Tensor,
  { kernel, bias, size, stride = 1, padding = "same", activation = "linear" }:
    TransposedConvolutionParameters,
): Tensor {
  requirePictures(x);
  size.forEach((length) => requirePositiveInteger("convolve pictures", "size", length));
  requireLayable(size, { kernel, stride, padding });
  const small = size.map((length, axis) => {
    const places = padding === "same" ? length : length - kernel.shape[axis]! + 1;
    return Math.ceil(places / stride);
  });
  const given = x.shape.slice(1, 3);
  if (!sameShape(small, given)) {
    const requirement = `'size' must be one that a convolution takes to [${given.join(", ")}]`;
    throw wrongType("convolve pictures", requirement, size);
  }
  return fused(
    activation,
    (activation) => run({ x, kernel, bias }, { size, stride, padding, activation }),
  );
}
