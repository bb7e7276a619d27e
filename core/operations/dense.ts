/**
 * A dense layer: activation(x·W + b).
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";

/** The functions that may follow a dense layer. */
export type Activation = "linear" | "relu" | "tanh" | "softplus" | "elu" | "silu";

/** Every activation by its name. */
export const activations: { readonly [name in Activation]: (x: Tensor) => Tensor } = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  tanh: (x) => tf.tanh(x),
  softplus: (x) => tf.softplus(x),
  elu: (x) => tf.elu(x),
  // Elfwing, Uchibe and Doya, arXiv:1702.03118, eq. 7
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
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
 *
 * @example
 * ```ts
 * import { dense } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const kernel = tf.tensor2d([[1], [2]]), bias = tf.tensor1d([-4]);
 *   const y = dense(tf.tensor2d([[1, 1], [3, 3]]), { kernel, bias, activation: "relu" });
 *   assert.deepEqual(y.arraySync(), [[0], [5]]);
 * });
 * ```
 */
export function dense(x: Tensor, { kernel, bias, activation = "linear" }: DenseParameters): Tensor {
  return activations[activation](tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias));
}
