/**
 * What every affine flow does with the elements of an event: y = x·exp s + t, and back.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Tensor } from "../../core/types.ts";

/** s and t, each of the shape of what they are applied to. */
export interface Affine {
  /** s. */
  readonly logScale: Tensor;
  /** t. */
  readonly shift: Tensor;
}

/** y = x·exp s + t. */
export function apply(x: Tensor, { logScale, shift }: Affine): Tensor {
  return tf.add(tf.mul(x, tf.exp(logScale)), shift);
}

/** x = (y − t)·exp(−s). */
export function undo(y: Tensor, { logScale, shift }: Affine): Tensor {
  return tf.mul(tf.sub(y, shift), tf.exp(tf.neg(logScale)));
}

/** Any number as one between −limit and limit, and small ones as they are. */
export function bounded(raw: Tensor, limit: number): Tensor {
  return tf.mul(tf.tanh(tf.div(raw, limit)), limit);
}

/** The largest |s| of one layer: what it stretches by is between e⁻³ and e³. */
export const LARGEST_LOG_SCALE = 3;
