/**
 * The scale under which a batch is likeliest: σ² = the mean of (x − μ)².
 *
 * Rybkin, Daniilidis and Levine, "Simple and effective VAE training with calibrated decoders",
 * arXiv:2006.13202, §3.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import type { ScopeBuffer } from "../../core/scope.ts";
import type { Tensor } from "../../core/types.ts";
import { type Normal, normal } from "../distributions/normal.ts";

/** What the mean square of a batch weighs in the running mean that is kept. */
const RATE = 0.1;

/** The smallest σ², that of the smallest scale: a perfect reconstruction has a density. */
const SMALLEST_VARIANCE = 1e-12;

/** The mean of (x − μ)² over the observed entries `[]`, and how many these are. */
function meanSquare(value: Tensor, mean: Tensor, mask?: Tensor): { square: Tensor; count: Tensor } {
  const squares = tf.square(tf.sub(value, mean));
  const observed = mask === undefined ? squares : tf.mul(squares, mask);
  const count = mask === undefined
    ? tf.scalar(squares.size)
    : tf.mul(tf.sum(mask), squares.size / mask.size);
  // Row by row first: float32 loses digits in one long sum.
  const [samples, rows] = squares.shape as [number, number];
  const perDatum = tf.sum(tf.reshape(observed, [samples * rows, -1]), 1);
  return { square: tf.div(tf.sum(perDatum), tf.maximum(count, 1)), count };
}

/**
 * N(μ, σ²) with the kept σ; in training, the density of some data has the σ that suits them best.
 *
 * No gradient passes through that σ: where the density is largest, its derivative by σ is 0.
 *
 * @param mean μ `[B, …D]`.
 * @param kept σ² `[]`, a running mean over training batches.
 */
export function withOptimalScale(mean: Tensor, kept: ScopeBuffer, context: Context): Normal {
  const atRest = normal({ mean, scale: tf.sqrt(kept.read()) });
  if (!context.training) return atRest;

  const suitedTo = (value: Tensor): Normal => {
    const { square, count } = meanSquare(value, stopGradient(mean), context.mask);
    const variance = tf.add(square, SMALLEST_VARIANCE), before = kept.read();
    const rate = tf.mul(tf.minimum(count, 1), RATE); // Nothing is learned from nothing.
    kept.write(tf.add(before, tf.mul(rate, tf.sub(variance, before))));
    return normal({ mean, scale: tf.sqrt(variance) });
  };
  return Object.assign(atRest, {
    logDensities: (value: Tensor) => suitedTo(value).logDensities(value),
    logProb: (value: Tensor) => suitedTo(value).logProb(value),
  });
}
