/**
 * ELBO = E_q[log p(x|z)] − D(q(z|x) ‖ p(z)), with z = μ + σ·ε.
 *
 * Kingma and Welling, "Auto-encoding variational Bayes", arXiv:1312.6114, eq. 3.
 *
 * @module
 */
import type { Distribution } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import { elboObjective } from "../../core/elbo.ts";
import { requirePositiveInteger } from "../../core/errors.ts";
import type { Objective } from "../../core/objective.ts";

/** Options of {@linkcode elbo}. */
export interface ElboOptions<Q extends Distribution, P extends Distribution> {
  /** How far q(z|x) is from p(z). */
  readonly divergence: Divergence<Q, P>;
  /**
   * S, the number of latent samples for each datum.
   * @default 1
   */
  readonly samples?: number;
}

/**
 * The evidence lower bound. `vae({ divergence })` means this objective with one sample.
 *
 * @param options The divergence, and the number of samples.
 * @throws {RangeError} If the number of samples is not a positive integer.
 *
 * @example
 * ```ts
 * import { divergences, objectives } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const objective = objectives.elbo({ divergence: divergences.kl(), samples: 4 });
 * assert.equal(objective.options.samples, 4);
 * ```
 */
export function elbo<Q extends Distribution, P extends Distribution>({
  divergence,
  samples = 1,
}: ElboOptions<Q, P>): Objective<Q, P> {
  requirePositiveInteger("build objective", "samples", samples);
  return elboObjective(divergence, samples);
}
