/**
 * A convolution of pictures: activation(x ∗ W + b).
 *
 * @module
 */
import { tf } from "../deps.ts";
import { outOfRange, requirePositiveInteger, wrongType } from "../errors.ts";
import { sameShape, type Shape, type Tensor } from "../types.ts";
import { type Activation, fused, type FusedActivation } from "./activation.ts";
import { addBias, addBiasGradient, readsAnswer } from "./add_bias.ts";
import { launch, operation } from "./operation.ts";

/** What a convolution is made of. */
export interface ConvolutionParameters {
  /** W `[height, width, inputs, outputs]`. */
  readonly kernel: Tensor;
  /** b `[outputs]`. */
  readonly bias: Tensor;
  /** Pixels from one place of the kernel to the next: 1 unless told. */
  readonly stride?: number;
  /** Whether the kernel may reach beyond the edges, where all is 0: `"same"` unless told. */
  readonly padding?: Padding;
  /** What follows: `"linear"` unless told. */
  readonly activation?: Activation;
}

/** Whether a kernel may reach beyond the edges of a picture, as TensorFlow calls it. */
export type Padding = "same" | "valid";

/** How a kernel is laid on pictures, and what follows. */
export interface ConvolutionAttributes {
  readonly stride: number;
  readonly padding: Padding;
  readonly activation: FusedActivation;
}

type Inputs = { readonly x: Tensor; readonly kernel: Tensor; readonly bias: Tensor };

/** Throws unless these are pictures. */
export function requirePictures(x: Tensor): void {
  if (x.rank !== 4) throw wrongType("convolve pictures", "'x' must have four axes", x.shape);
}

/** Throws unless a kernel can be laid on large pictures of this size as is asked for. */
export function requireLayable(
  size: Shape,
  { kernel, stride, padding }: { kernel: Tensor; stride: number; padding: Padding },
): void {
  const action = "convolve pictures";
  requirePositiveInteger(action, "stride", stride);
  if (padding !== "same" && padding !== "valid") {
    throw outOfRange(action, "'padding' must be 'same' or 'valid'", padding);
  }
  if (kernel.rank !== 4) throw wrongType(action, "'kernel' must have four axes", kernel.shape);
  if (padding === "valid" && size.some((length, axis) => length < kernel.shape[axis]!)) {
    const requirement = `'kernel' must lie within pictures of [${size.join(", ")}]`;
    throw wrongType(action, requirement, kernel.shape.slice(0, 2));
  }
}

/** The gradient by the kernel of a convolution of `pictures`, given the one by its answer. */
export function kernelGradient(
  pictures: Tensor,
  dy: Tensor,
  kernel: Tensor,
  { stride, padding }: ConvolutionAttributes,
): Tensor {
  return launch("Conv2DBackpropFilter", { x: pictures, dy }, {
    strides: stride,
    pad: padding,
    dataFormat: "NHWC",
    filterShape: kernel.shape,
  });
}

const run = operation<Inputs, ConvolutionAttributes, Tensor>({
  name: "ElboConvolution",
  define: ({ x, kernel, bias }, { stride, padding, activation }) => {
    const sum = tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, stride, padding);
    return addBias(sum, { bias, activation });
  },
  fits: ({ x, kernel, bias }) =>
    x.rank === 4 && kernel.rank === 4 && x.shape[3] === kernel.shape[2] &&
    sameShape(bias.shape, kernel.shape.slice(3)),
  saves: { inputs: ["x", "kernel"], answer: readsAnswer },
  gradient: (upstream, { x, kernel, answer }, attributes) => {
    const { dx: dsum, dbias } = addBiasGradient(upstream, answer, attributes.activation);
    const { stride, padding } = attributes;
    const [dy, filter] = [dsum as tf.Tensor4D, kernel as tf.Tensor4D];
    const shape = x.shape as tf.Tensor4D["shape"];
    return {
      x: () => tf.conv2dTranspose(dy, filter, shape, stride, padding),
      kernel: () => kernelGradient(x, dsum, kernel, attributes),
      bias: () => dbias,
    };
  },
});

/**
 * activation(x ∗ W + b), where the kernel W is laid on every picture as TensorFlow lays it.
 *
 * @param x Pictures `[B, height, width, inputs]`.
 * @param parameters The kernel, the bias, how the kernel is laid, and the activation.
 * @returns Pictures `[B, ⌈height/stride⌉, ⌈width/stride⌉, outputs]`, smaller where the kernel may not
 *   reach beyond the edges.
 * @throws {RangeError} If the stride is not 1, 2, 3, …, or the padding is neither.
 * @throws {TypeError} If the pictures or the kernel have not four axes, or a kernel that may not reach
 *   beyond the edges is larger than the pictures.
 *
 * @example
 * ```ts
 * import { convolution } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const kernel = tf.ones([2, 2, 1, 1]), bias = tf.tensor1d([-5]);
 *   const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
 *   const y = convolution(x, { kernel, bias, padding: "valid", activation: "relu" });
 *   assert.deepEqual([y.shape, ...y.dataSync()], [[1, 1, 1, 1], 5]);
 * });
 * ```
 */
export function convolution(
  x: Tensor,
  { kernel, bias, stride = 1, padding = "same", activation = "linear" }: ConvolutionParameters,
): Tensor {
  requirePictures(x);
  requireLayable(x.shape.slice(1, 3), { kernel, stride, padding });
  return fused(
    activation,
    (activation) => run({ x, kernel, bias }, { stride, padding, activation }),
  );
}
