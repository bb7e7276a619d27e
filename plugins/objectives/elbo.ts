/**
 * ELBO = E_q[log p(x|z)] − D(q(z|x) ‖ p(z)), with z = μ + σ·ε.
 *
 * Kingma and Welling, "Auto-encoding variational Bayes", arXiv:1312.6114, eq. 3. Its gradient
 * without the score of q: Roeder, Wu and Duvenaud, "Sticking the landing: simple, lower-variance
 * gradient estimators for variational inference", arXiv:1703.09194.
 *
 * @module
 */
import type { Distribution, Draw } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import { elboLedger, elboObjective } from "../../core/elbo.ts";
import { outOfRange, requirePositiveInteger, wrongType } from "../../core/errors.ts";
import type { Ledger } from "../../core/ledger.ts";
import type { Objective, Pass } from "../../core/objective.ts";
import { requirePlugin } from "../../core/plugin.ts";
import type { Seed } from "../../core/random.ts";

/** Options of {@linkcode elbo}. */
export interface ElboOptions<Q extends Distribution, P extends Distribution> {
  /** How far q(z|x) is from p(z). */
  readonly divergence: Divergence<Q, P>;
  /**
   * S, the number of latent samples for each datum.
   * @default 1
   */
  readonly samples?: number;
  /**
   * Which estimate of the gradient to follow. Sticking the landing leaves out the score of q(z|x),
   * ∇ log q(z|x) at a fixed z, which is 0 on average: the nearer q(z|x) is to the true posterior,
   * the less noise is left. It needs a KL that is sampled, as `kl({ closedForms: [] })`.
   * @default "plain"
   */
  readonly gradient?: "plain" | "stickingTheLanding";
}

/** Draws of q(z|x) whose density is that of a q(z|x) with its outputs and weights detached. */
function withoutScore<Q extends Distribution>(posterior: Q, detached: Q): Q {
  const draw = (seed: Seed, samples?: number): Draw => {
    const { value } = posterior.draw(seed, samples);
    return { value, logProb: () => detached.logProb(value) };
  };
  return Object.assign(detached, { draw }); // A spread would make its lazy tensors.
}

/** The same ledger, with gradients that pass through the draws alone. */
function stickingTheLanding<Q extends Distribution, P extends Distribution>(
  pass: Pass<Q, P>,
  divergence: Divergence<Q, P>,
  samples: number,
): Ledger {
  const posterior = withoutScore(pass.posterior, pass.detachedPosterior());
  const ledger = elboLedger({ ...pass, posterior }, divergence, samples);
  for (const { name, estimator, weight } of ledger.terms) {
    if (estimator === "Monte Carlo" && weight !== undefined) continue;
    const requirement = `the row '${name}' must be a multiple of a mean over draws, as of ` +
      "'kl({ closedForms: [] })'";
    throw wrongType("stick the landing", requirement, weight === undefined ? weight : estimator);
  }
  return { ...ledger, surrogate: ledger.objective }; // Its value is the objective, its slope is not.
}

/**
 * The evidence lower bound. `vae({ divergence })` means this objective with one sample.
 *
 * @param options The divergence, the number of samples, and the estimate of the gradient.
 * @throws {RangeError} If the number of samples is not a positive integer, the gradient is an
 * unknown word, or the landing is to be stuck with a divergence that is no KL.
 * @throws {TypeError} If the divergence is no plugin; when the model is made, if the landing is to be
 * stuck, and the divergence has a row that is not sampled.
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
  gradient = "plain",
}: ElboOptions<Q, P>): Objective<Q, P> {
  requirePlugin("build objective", "divergence", "divergence", divergence);
  requirePositiveInteger("build objective", "samples", samples);
  const plain = elboObjective(divergence, samples), options = { divergence, samples, gradient };
  if (gradient === "plain") return { ...plain, options };
  if (gradient !== "stickingTheLanding") {
    const requirement = "'gradient' must be 'plain' or 'stickingTheLanding'";
    throw outOfRange("build objective", requirement, gradient);
  }
  if (!divergence.isKl) {
    const requirement = "'divergence' must be a KL to stick the landing";
    throw outOfRange("build objective", requirement, divergence.name);
  }
  const ledger = (pass: Pass<Q, P>): Ledger => stickingTheLanding(pass, divergence, samples);
  return { ...plain, options, ledger };
}
