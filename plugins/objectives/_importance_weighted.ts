/**
 * 1/(1 − α) · log 1/K Σ w^(1−α) with w = p(x, z) / q(z|x), term by term.
 *
 * It is Σ w̃ log p(x|z) − Σ w̃ (log q(z|x) − log p(z)) + (H(w̃) − log K)/(1 − α), with normalized
 * weights w̃ = w^(1−α) / Σ w^(1−α) and their entropy H.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import { divergenceTerm, type Ledger, type Term } from "../../core/ledger.ts";
import type { Pass } from "../../core/objective.ts";
import type { Tensor } from "../../core/types.ts";

/** What is weighed: `[K, B]` each, in nats. */
export interface Densities {
  /** log p(x|z). */
  readonly logLikelihood: Tensor;
  /** log q(z|x) − log p(z). */
  readonly logRatio: Tensor;
  /** log w = log p(x, z) − log q(z|x). */
  readonly logWeights: Tensor;
}

/**
 * The densities at some latents.
 *
 * @param pass One batch on its way through the model.
 * @param latents z `[K, B, …K]`.
 * @param logPosterior log q(z|x) `[K, B]`.
 */
export function densitiesAt(
  { prior, seed, logLikelihood }: Pass<Distribution, Distribution>,
  latents: Tensor,
  logPosterior: Tensor,
): Densities {
  const logX = logLikelihood(latents);
  const logRatio = tf.sub(logPosterior, prior.logProb(latents, seed.split("prior")));
  return { logLikelihood: logX, logRatio, logWeights: tf.sub(logX, logRatio) };
}

/** log w̃ `[K, B]`, from (1 − α) log w. */
export function normalized(logWeights: Tensor): Tensor {
  return tf.sub(logWeights, tf.logSumExp(logWeights, 0, true));
}

/**
 * The rows and their sum, without saying whether that is a bound.
 *
 * @param densities What is weighed.
 * @param order α, not 1.
 * @returns The ledger, and the sum of its rows `[B]`.
 */
export function importanceWeighted(
  { logLikelihood, logRatio, logWeights }: Densities,
  order: number,
): { readonly ledger: Ledger; readonly nats: Tensor } {
  const samples = logWeights.shape[0]!, power = 1 - order;
  const raised = tf.mul(logWeights, power), logShares = normalized(raised);
  const shares = tf.exp(logShares); // w̃
  const average = (values: Tensor): Tensor => tf.sum(tf.mul(shares, values), 0);
  const how = { estimator: "Monte Carlo", samples } as const;
  const added = (name: string, nats: Tensor): Term => ({
    name,
    nats,
    contribution: nats,
    weight: 1,
    ...how,
  });
  const terms = [
    added("reconstruction", average(logLikelihood)),
    divergenceTerm("divergence", average(logRatio), how),
    added("weight entropy", tf.div(tf.add(average(logShares), Math.log(samples)), -power)),
  ];
  const nats = tf.div(tf.sub(tf.logSumExp(raised, 0), Math.log(samples)), power);
  // The sum of the rows, with a shorter way back.
  return { ledger: { terms, objective: tf.mean(nats) }, nats };
}
