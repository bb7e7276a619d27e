/**
 * The KL in three parts, each with a weight (β-TC-VAE).
 *
 * E[KL(q(z|x) ‖ p(z))] = I(z; x) + KL(q(z) ‖ Πₖ q(zₖ)) + Σₖ KL(q(zₖ) ‖ p(zₖ)), weighed by α, β, γ.
 * Chen et al., "Isolating sources of disentanglement in variational autoencoders",
 * arXiv:1802.04942, eq. 2 and 4.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { type Distribution, type Factorized, isFactorized } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import { outOfRange, requireNumber, requirePositiveInteger, wrongType } from "../../core/errors.ts";
import { divergenceTerm, type Term, weighted } from "../../core/ledger.ts";
import { checked, type Schedule } from "../../core/schedule.ts";
import { sizeOf, type Tensor } from "../../core/types.ts";

/** Options of {@linkcode totalCorrelation}. */
export interface TotalCorrelationOptions {
  /** β, the weight of the total correlation: a non-negative number or a schedule of them. */
  readonly beta: number | Schedule;
  /**
   * α, the weight of the index-code mutual information.
   * @default 1
   */
  readonly alpha?: number | Schedule;
  /**
   * γ, the weight of the dimension-wise KL.
   * @default 1
   */
  readonly gamma?: number | Schedule;
  /**
   * How q(z) is estimated from the B data of a batch: by minibatch weighted sampling, 1/(N·B) for
   * each, or by minibatch stratified sampling, 1/N for the datum that z is drawn from and
   * (N − 1)/N shared by the others.
   * @default "weighted"
   */
  readonly sampling?: "weighted" | "stratified";
  /**
   * N, the number of training data.
   * @default what the run says, and B where none says it
   */
  readonly datasetSize?: number | undefined;
}

/**
 * log of the weight of datum j in the q(z) of a draw from datum i: `[B, B]`, or one for all `[1, 1]`.
 */
function logWeights(sampling: "weighted" | "stratified", batch: number, size: number): Tensor {
  if (sampling === "weighted") return tf.fill([1, 1], -Math.log(size * batch));
  const own = -Math.log(size), other = batch === 1 ? own : own + Math.log((size - 1) / (batch - 1));
  return tf.add(tf.mul(tf.eye(batch), own - other), other);
}

function requireFactorized(posterior: Distribution): void {
  if (isFactorized(posterior)) return;
  const requirement = "the posterior must be factorized (have 'logDensities')";
  throw wrongType("estimate the total correlation", requirement, posterior.family);
}

/**
 * KL(q(z|x) ‖ p(z)) from the draws, in three rows: the index-code mutual information I(z; x), the
 * total correlation of the latents, and the dimension-wise KL.
 *
 * Each row is biased, as the batch stands for all data in log q(z) and log q(zₖ); the more so, the
 * fewer they are. Their sum is not: with weights of 1 they make up the ELBO.
 *
 * @param options The three weights, the kind of sampling, and the number of data.
 * @throws {RangeError} If a weight is negative or not finite, the number of data not a positive
 * integer, or the sampling an unknown word.
 * @throws {TypeError} When the model is made: if the posterior does not factorize.
 *
 * @example
 * ```ts
 * import { divergences } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const disentangled = divergences.totalCorrelation({ beta: 6 });
 * assert.equal(disentangled.isKl, true);
 * assert.throws(() => divergences.totalCorrelation({ beta: -1 }), /'beta' must be a non-negative/);
 * ```
 */
export function totalCorrelation(
  { beta, alpha = 1, gamma = 1, sampling = "weighted", datasetSize }: TotalCorrelationOptions,
): Divergence<Factorized, Distribution> {
  const action = "build divergence";
  const weightOf = (name: string, weight: number | Schedule) =>
    checked(weight, (value) => requireNumber(action, name, value, { minimum: 0 }));
  const alphaAt = weightOf("alpha", alpha);
  const betaAt = weightOf("beta", beta), gammaAt = weightOf("gamma", gamma);
  if (sampling !== "weighted" && sampling !== "stratified") {
    throw outOfRange(action, "'sampling' must be 'weighted' or 'stratified'", sampling);
  }
  if (datasetSize !== undefined) requirePositiveInteger(action, "datasetSize", datasetSize);
  return {
    kind: "divergence",
    name: "totalCorrelation",
    options: { beta, alpha, gamma, sampling, datasetSize },
    isKl: true,
    estimate: ({ posterior, prior, draw, seed, context: { progress } }) => {
      requireFactorized(posterior);
      const [samples, batch, ...event] = draw.value.shape as [number, number, ...number[]];
      // There cannot be fewer data than in the batch.
      const size = Math.max(batch, datasetSize ?? progress.datasetSize ?? batch);
      const weight = logWeights(sampling, batch, size);
      // log q(zₖ|xⱼ) of the draws from all data i: [S, B (i), B (j), K]
      const densities = tf.reshape(
        posterior.logDensities(tf.reshape(draw.value, [samples * batch, 1, ...event])),
        [samples, batch, batch, sizeOf(event)],
      );
      const joint = tf.logSumExp(tf.add(tf.sum(densities, 3), weight), 2); // log q(z)
      const marginals = tf.logSumExp(tf.add(densities, tf.expandDims(weight, 2)), 2);
      const product = tf.sum(marginals, 2); // Σ log q(zₖ)
      const how = { estimator: "biased", samples } as const;
      const row = (name: string, logRatio: Tensor, weight: number): Term =>
        weighted(divergenceTerm(name, tf.mean(logRatio, 0), how), weight);
      return [
        row("index-code mutual information", tf.sub(draw.logProb(), joint), alphaAt(progress)),
        row("total correlation", tf.sub(joint, product), betaAt(progress)),
        row(
          "dimension-wise KL",
          tf.sub(product, prior.logProb(draw.value, seed)),
          gammaAt(progress),
        ),
      ];
    },
  };
}
