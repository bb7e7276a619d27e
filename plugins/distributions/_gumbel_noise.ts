/**
 * Gumbel noise: −log(−log u), with u uniform.
 *
 * The largest of ℓ + g is class c with probability softmax(ℓ)_c: the Gumbel-max trick. Maddison,
 * Tarlow and Minka, "A* sampling", arXiv:1411.0030, §2.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { type Seed, uniformNoise } from "../../core/random.ts";
import type { Shape, Tensor } from "../../core/types.ts";

/** The smallest −log u there is: where a backend's logarithm is coarse near 1, it might say 0. */
const SMALLEST = 2 ** -24;

/** Gumbel noise of some shape. */
export function gumbelNoise(seed: Seed, shape: Shape): Tensor {
  const exponential = tf.neg(tf.log(uniformNoise(seed, shape)));
  return tf.neg(tf.log(tf.maximum(exponential, SMALLEST)));
}
