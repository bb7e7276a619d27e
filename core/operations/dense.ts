/**
 * A dense layer: activation(x·W + b).
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";

/** The functions that may follow a dense layer. */
export type Activation = "linear" | "relu" | "tanh" | "softplus" | "elu" | "gelu";

/** √(2/π), of the tanh form of GELU. */
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

/** Every activation by its name. */
export const activations: { readonly [name in Activation]: (x: Tensor) => Tensor } = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  tanh: (x) => tf.tanh(x),
  softplus: (x) => tf.softplus(x),
  elu: (x) => tf.elu(x),
  // Hendrycks and Gimpel, arXiv:1606.08415, §2: ½x(1 + tanh(√(2/π)(x + 0.044715x³)))
  gelu: (x) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), SQRT_2_OVER_PI);
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
  },
};

/** What a dense layer is made of. */
export interface DenseParameters {
  /** W `[inputs, outputs]`. */
  readonly kernel: Tensor;
  /** b `[outputs]`. */
  readonly bias: Tensor;
  /** What follows: `"linear"` unless told. */
  readonly activation?: Activation;
}

/**
 * activation(x·W + b).
 *
 * @param x The input `[B, inputs]`.
 * @param parameters The kernel, the bias and the activation.
 * @returns The output `[B, outputs]`.
 */
export function dense(x: Tensor, { kernel, bias, activation = "linear" }: DenseParameters): Tensor {
  return activations[activation](tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias));
}
