/**
 * Standard logistic noise.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { type Seed, uniformNoise } from "../../core/random.ts";
import type { Shape, Tensor } from "../../core/types.ts";

/** F⁻¹(u) = log u − log(1 − u); the difference is exact in float32, and never 0. */
export function logisticNoise(seed: Seed, shape: Shape): Tensor {
  const u = uniformNoise(seed, shape);
  return tf.sub(tf.log(u), tf.log(tf.sub(1, u)));
}
