/**
 * log Σ exp x along the last axis, whose gradient is the softmax.
 *
 * That of TensorFlow.js goes back through the maximum too, with a comparison of all entries.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";

const run = tf.customGrad((x, save) => {
  (save as tf.GradSaveFunc)([x as Tensor]);
  return {
    value: tf.logSumExp(x as Tensor, -1),
    gradFunc: (upstream: Tensor, [x]: Tensor[]) =>
      tf.mul(tf.expandDims(upstream, -1), tf.softmax(x!)),
  };
});

/**
 * log Σ exp x along the last axis, stable wherever one x is finite.
 *
 * @param x Any numbers `[…, C]`.
 * @returns `[…]`.
 */
export function logSumExp(x: Tensor): Tensor {
  return run(x);
}
