/**
 * Every plugin of Elbo, with the laws that it is held to: a table for each axis, and models.
 *
 * @module
 */
import { divergences, likelihoods, vae } from "../../mod.ts";
import { tinyModel, tinyParts } from "../helpers/tiny.ts";
import { modelLaws } from "../laws/mod.ts";
import { heldDistributions } from "./distributions/laws.ts";
import { heldDivergences } from "./divergences/laws.ts";
import { heldFlows } from "./flows/laws.ts";
import type { HeldPlugins } from "./held.ts";
import { heldLikelihoods } from "./likelihoods/laws.ts";
import { heldNetworks } from "./networks/laws.ts";
import { heldObjectives } from "./objectives/laws.ts";
import { heldPosteriors } from "./posteriors/laws.ts";
import { heldPriors, modelPrior } from "./priors/laws.ts";

const divergence = divergences.kl();

/** By axis and plugin, and by what else tells two of them apart. */
export const held: HeldPlugins = {
  ...heldDistributions,
  ...heldPosteriors,
  ...heldPriors,
  ...heldFlows,
  ...heldLikelihoods,
  ...heldDivergences,
  ...heldObjectives,
  ...heldNetworks,
  "vae": (options) => modelLaws(() => tinyModel(), options),
  "vae, likelihoods.normal, optimal scale": (options) =>
    modelLaws(
      () => vae({ ...tinyParts, likelihood: likelihoods.normal({ scale: "optimal" }), divergence }),
      options,
    ),
  "vae, priors.modelPrior": (options) =>
    modelLaws(() => vae({ ...tinyParts, prior: modelPrior, divergence }), options),
};
