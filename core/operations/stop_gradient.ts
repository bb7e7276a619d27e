/**
 * The identity forwards, and nothing backwards.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";

const identity = tf.customGrad((x) => ({
  value: tf.clone(x as Tensor),
  gradFunc: (upstream: Tensor) => tf.zerosLike(upstream),
}));

/**
 * The same values, through which no gradient passes.
 *
 * @example
 * ```ts
 * import { stopGradient } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const gradient = tf.grad((x) => tf.sum(tf.mul(stopGradient(x), x)))(tf.tensor1d([3]));
 *   assert.deepEqual(gradient.arraySync(), [3]); // 6 without the stop
 * });
 * ```
 */
export function stopGradient(x: Tensor): Tensor {
  return identity(x);
}
