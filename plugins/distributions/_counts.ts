/**
 * Draws of counts.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { randomPoisson } from "../../core/operations/random_poisson.ts";
import { logStandardGamma } from "../../core/operations/standard_gamma.ts";
import type { Seed } from "../../core/random.ts";
import type { Tensor } from "../../core/types.ts";

/** Poisson counts `[S, B, …event]` with rates exp `logRate` `[B, …event]`. */
export function drawPoisson(logRate: Tensor, seed: Seed, samples: number): Tensor {
  return randomPoisson(tf.broadcastTo(tf.exp(logRate), [samples, ...logRate.shape]), seed);
}

/** Negative binomial counts `[S, B, …event]`: Poisson, with rates μz/θ where z ~ Gamma(θ, 1). */
export function drawNegativeBinomial(
  { logMean, logInverseDispersion }: {
    readonly logMean: Tensor;
    readonly logInverseDispersion: Tensor;
  },
  seed: Seed,
  samples: number,
): Tensor {
  const logTheta = tf.broadcastTo(logInverseDispersion, logMean.shape);
  const logGamma = logStandardGamma(tf.exp(logTheta), seed.split("gamma"), samples);
  const rate = tf.exp(tf.add(tf.sub(logGamma, logTheta), logMean));
  return randomPoisson(rate, seed.split("poisson"));
}
