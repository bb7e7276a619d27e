/**
 * log p(k) = k log λ − λ − log k!
 *
 * For large counts these are small differences of large numbers, and so p is taken apart as
 * log p(k) = −(k log(k/λ) − k + λ) − (log k! − k log k + k), a deviance and what k! is besides:
 * Loader, "Fast and accurate computation of binomial probabilities", 2000.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";
import { stirlingError } from "./log_gamma.ts";
import { HALF_LOG_2_PI } from "./normal_log_prob.ts";
import { polynomial } from "./polynomial.ts";
import { sumToShape } from "./sum_to_shape.ts";

/** Below this relative distance, squared, the logarithm is taken from its series. */
const NEAR = 0.01;

/**
 * d(a, b) = a log(a/b) − (a − b), which is 0 where a = b and positive elsewhere.
 *
 * @param a Numbers that are not negative.
 * @param difference a − b, on which all depends where a and b are near each other.
 * @param logRatio log(a/b), or any finite number where a = 0.
 */
export function deviance(a: Tensor, difference: Tensor, logRatio: Tensor): Tensor {
  const sum = tf.sub(tf.mul(a, 2), difference);
  const v = tf.div(difference, tf.maximum(sum, 1e-30)), squared = tf.square(v);
  // log(a/b) = 2 artanh v = 2 (v + v³/3 + v⁵/5 + …)
  const rest = tf.mul(tf.mul(squared, v), polynomial(squared, [2 / 3, 2 / 5, 2 / 7]));
  const series = tf.add(tf.mul(difference, v), tf.mul(a, rest));
  const near = tf.step(tf.sub(NEAR, squared));
  const direct = tf.sub(tf.mul(a, logRatio), difference);
  return tf.add(tf.mul(near, series), tf.mul(tf.sub(1, near), direct));
}

/**
 * log k! − k log k + k, which is ½ log 2πk + R(k), and 0 for k = 0.
 *
 * @param count k, of any shape.
 */
export function logFactorialRest(count: Tensor): Tensor {
  const positive = tf.maximum(count, 1);
  const halfLog = tf.add(tf.mul(tf.log(positive), 0.5), HALF_LOG_2_PI);
  return tf.mul(tf.step(count), tf.add(halfLog, stirlingError(positive)));
}

const run = tf.customGrad((...given) => {
  const [logRate, count, save] = given as unknown as [Tensor, Tensor, tf.GradSaveFunc];
  save([logRate, count]);
  const logRatio = tf.sub(tf.log(tf.maximum(count, 1)), logRate);
  const distance = deviance(count, tf.sub(count, tf.exp(logRate)), logRatio);
  return {
    value: tf.neg(tf.add(distance, logFactorialRest(count))),
    gradFunc: (upstream: Tensor, saved: Tensor[]) => {
      const [logRate, count] = saved as [Tensor, Tensor];
      const slope = tf.sub(count, tf.exp(logRate));
      return [sumToShape(tf.mul(upstream, slope), logRate.shape), tf.zerosLike(count)];
    },
  };
});

/**
 * The log-probability of every count on its own.
 *
 * @param logRate log λ `[B, …event]`, up to 88.
 * @param count k `[S or 1, B or 1, …event]`, to which no gradient passes.
 * @returns log p(k) `[S, B, …event]`, in nats.
 */
export function poissonLogProb(logRate: Tensor, count: Tensor): Tensor {
  return run(logRate, count);
}
