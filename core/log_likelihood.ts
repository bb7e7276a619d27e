/**
 * log p(x) by importance sampling.
 *
 * log p(x) ≈ log 1/S Σ p(x|z)·p(z) / q(z|x) with z ~ q(z|x).
 * Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", arXiv:1509.00519, eq. 8.
 *
 * @module
 */
import { tf } from "./deps.ts";
import type { Distribution } from "./distribution.ts";
import type { Pass } from "./objective.ts";
import type { Tensor } from "./types.ts";

/** The rows of latents that are decoded at a time, so that S = 5,000 does not need S × B memory. */
const ROWS_AT_A_TIME = 4096;

/** How many of the samples of each of B data are decoded at a time. */
export function samplesAtATime(rows: number): number {
  return Math.max(1, Math.floor(ROWS_AT_A_TIME / rows));
}

/** An estimate of log p(x) of every datum, in nats. */
export interface ImportanceEstimate {
  /** log p(x) `[B]`: a lower bound in expectation, tighter with more samples. */
  readonly nats: Tensor;
  /** Its Monte Carlo standard error `[B]` (delta method); infinite from a single sample. */
  readonly standardError: Tensor;
}

/** log(exp a + exp b), element by element. */
export function logAddExp(a: Tensor, b: Tensor): Tensor {
  return tf.logSumExp(tf.stack([a, b]), 0);
}

/**
 * log 1/S Σ w of each datum with its standard error, from importance weights w = p(x, z) / q(z|x).
 *
 * @param start Starts a pass of the batch. Each chunk of samples has its own, since a distribution
 * may keep tensors that it made in one, and these go when the chunk is done.
 * @param rows B, the number of data in the batch.
 * @param samples S, the number of importance samples for each datum.
 */
export function importanceWeighted<Q extends Distribution, P extends Distribution>(
  start: () => Pass<Q, P>,
  rows: number,
  samples: number,
): ImportanceEstimate {
  const chunk = samplesAtATime(rows);
  // Σ w and Σ w², both in log space: [2, B]
  let logSums: Tensor | undefined;
  for (let done = 0; done < samples; done += chunk) {
    const before = logSums;
    logSums = tf.tidy(() => {
      const { posterior, prior, seed, logLikelihood } = start();
      const noise = seed.split(`importance ${done}`);
      const draw = posterior.draw(noise.split("latents"), Math.min(chunk, samples - done));
      const logWeights = logLikelihood(draw.value)
        .add(prior.logProb(draw.value, noise.split("prior")))
        .sub(draw.logProb());
      const sums = tf.stack([tf.logSumExp(logWeights, 0), tf.logSumExp(logWeights.mul(2), 0)]);
      return before === undefined ? sums : logAddExp(before, sums);
    });
    before?.dispose();
  }
  const [logSum, logSumOfSquares] = tf.unstack(logSums!) as [Tensor, Tensor];
  // Var[w] / E[w]² = S Σw² / (Σw)² − 1, divided by S for the mean of S of them.
  const relativeVariance = logSumOfSquares.sub(logSum.mul(2)).exp().mul(samples).sub(1);
  const standardError = samples === 1 ? tf.fill(logSum.shape, Infinity) : relativeVariance
    .relu()
    .div(samples - 1)
    .sqrt();
  return { nats: logSum.sub(Math.log(samples)), standardError };
}
