/**
 * The laws of models.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import type { ModelLawOptions } from "./cases/model.ts";
import { type Law, lawsOf } from "./law.ts";
import { modelRules } from "./rules/models.ts";

/**
 * The laws that a whole model must keep: a ledger that adds up, an ELBO below log p(x), gradients
 * that are those of what it is trained on, the same numbers from the same seed, no tensor left
 * behind, and the same model when it is loaded or its training resumed.
 *
 * @param make Makes the model, the same each time. The laws dispose what they make.
 * @param options Which laws to leave out, and how many cases to check.
 * @returns The laws, to be run by any test runner.
 *
 * @example
 * ```ts
 * import { divergences, likelihoods, networks, posteriors, priors, vae } from "@elbo/elbo";
 * import { assertLaws, modelLaws } from "@elbo/elbo/laws";
 *
 * const make = () =>
 *   vae({
 *     data: [4],
 *     latent: 2,
 *     encoder: networks.mlp({ hidden: [8] }),
 *     decoder: networks.mlp({ hidden: [8] }),
 *     posterior: posteriors.diagonalNormal(),
 *     prior: priors.standardNormal(),
 *     likelihood: likelihoods.bernoulli(),
 *     divergence: divergences.kl(),
 *   });
 * await assertLaws(modelLaws(make, { cases: 5 }));
 * ```
 */
export function modelLaws(make: () => Vae, options: ModelLawOptions = {}): readonly Law[] {
  return lawsOf("model", modelRules({ make, options }), options);
}
