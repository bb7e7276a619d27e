/**
 * log Γ(x + d) − log Γ(x) and what is made of such differences, by Stirling's formula.
 *
 * The parts of log Γ that grow without bounds are subtracted on paper, so that float32 does not
 * round away what is left of them.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";
import { log1p } from "./log1p.ts";
import { stirlingError, stirlingErrorSlope } from "./log_gamma.ts";
import { HALF_LOG_2_PI } from "./normal_log_prob.ts";

/**
 * log Γ(x + d) − log Γ(x) = (x − ½) log(1 + d/x) + d (log(x + d) − 1) + R(x + d) − R(x), where R is
 * the error of Stirling's formula.
 *
 * @param x Positive numbers, of any shape.
 * @param d A positive number.
 */
export function logGammaRatio(x: Tensor, d: number): Tensor {
  const sum = tf.add(x, d);
  const near = tf.mul(tf.sub(x, 0.5), log1p(tf.div(d, x)));
  const far = tf.mul(tf.sub(tf.log(sum), 1), d);
  return tf.add(tf.add(near, far), tf.sub(stirlingError(sum), stirlingError(x)));
}

/**
 * ψ(x + d) − ψ(x) = log(1 + d/x) + d/(2x(x + d)) + R′(x + d) − R′(x), the derivative of
 * {@linkcode logGammaRatio}.
 *
 * @param x Positive numbers, of any shape.
 * @param d A positive number.
 */
export function digammaDifference(x: Tensor, d: number): Tensor {
  const sum = tf.add(x, d), ratio = tf.div(d, x);
  const leading = tf.add(log1p(ratio), tf.div(tf.mul(ratio, 0.5), sum));
  return tf.add(leading, tf.sub(stirlingErrorSlope(sum), stirlingErrorSlope(x)));
}

/**
 * log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b).
 *
 * @param a Positive numbers, of any shape.
 * @param b Positive numbers, of that shape or one that broadcasts with it.
 */
export function logBeta(a: Tensor, b: Tensor): Tensor {
  const sum = tf.add(a, b);
  const entropy = tf.add(tf.mul(a, log1p(tf.div(b, a))), tf.mul(b, log1p(tf.div(a, b))));
  const half = tf.mul(tf.sub(tf.log(sum), tf.add(tf.log(a), tf.log(b))), 0.5);
  const errors = tf.sub(tf.add(stirlingError(a), stirlingError(b)), stirlingError(sum));
  return tf.add(tf.sub(tf.add(half, HALF_LOG_2_PI), entropy), errors);
}
