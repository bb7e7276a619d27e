/**
 * log(1 + x), of which some backends round the 1 + x first.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";
import { polynomial } from "./polynomial.ts";

/** 2 artanh(s)/s = 2 + ⅔ s² + ⅖ s⁴ + …, to float32 precision up to there. */
const ARTANH = [2, 2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11] as const;

/** Where its series ends, so that s ≤ ⅕. */
const BOUND = 0.5;

/**
 * log(1 + x) for x ≥ 0, with a small relative error where x is small, on every backend: there it is
 * 2 artanh(s) with s = x/(2 + x).
 *
 * @param x Numbers that are not negative, of any shape.
 * @returns log(1 + x), of that shape.
 */
export function log1p(x: Tensor): Tensor {
  const small = tf.minimum(x, BOUND), s = tf.div(small, tf.add(small, 2));
  const near = tf.mul(s, polynomial(tf.square(s), ARTANH)), far = tf.log(tf.add(x, 1));
  // Unlike a comparison, a step has a gradient: none.
  const large = tf.step(tf.sub(x, BOUND));
  return tf.add(near, tf.mul(large, tf.sub(far, near)));
}
