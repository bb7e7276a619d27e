/**
 * The priors of Elbo, with the laws that they are held to.
 *
 * @module
 */
import { flows, likelihoods, networks, posteriors, priors } from "../../../mod.ts";
import { linearModelPrior } from "../../helpers/linear_model.ts";
import { priorLaws } from "../../laws/mod.ts";
import { type HeldPlugins, holds } from "../held.ts";

/** A small model as a prior, whose posterior is anything but exact. */
export const modelPrior = priors.modelPrior({
  latent: 2,
  encoder: networks.mlp({ hidden: [4], activation: "tanh" }),
  decoder: networks.mlp({ hidden: [4], activation: "tanh" }),
  posterior: posteriors.diagonalNormal(),
  prior: priors.standardNormal(),
  likelihood: likelihoods.normal(),
  samples: 3,
});
const ESTIMATED =
  "it holds of the density, which 'priors.modelPrior' shows, not of a rough estimate";

/** By name, and by what else tells two of them apart. */
export const heldPriors: HeldPlugins = {
  "priors.logisticNormal": holds(priorLaws, priors.logisticNormal()),
  "priors.logisticNormal, concentrated": holds(
    priorLaws,
    priors.logisticNormal({ concentration: 4 }),
  ),
  "priors.diagonalNormal": holds(priorLaws, priors.diagonalNormal()),
  "priors.flow": holds(
    priorLaws,
    priors.flow({
      flow: flows.maskedAutoregressive({ layers: 1, hidden: [4] }),
      base: priors.diagonalNormal(),
    }),
  ),
  "priors.laplace": holds(priorLaws, priors.laplace()),
  "priors.conditionalNormal": holds(
    priorLaws,
    priors.conditionalNormal({ network: networks.mlp({ hidden: [4], activation: "silu" }) }),
    { condition: [3] },
  ),
  "priors.mixtureOfNormals": holds(priorLaws, priors.mixtureOfNormals({ components: 3 })),
  "priors.modelPrior": holds(priorLaws, linearModelPrior()),
  "priors.modelPrior, conditioned": holds(priorLaws, linearModelPrior({ samples: 3 }), {
    condition: [2],
  }),
  "priors.modelPrior, estimated": holds(priorLaws, modelPrior, {
    skip: {
      "shapes": "a row that stands alone has other noise, and so another estimate",
      "density of draws": "a draw and the density estimate it with noise of their own",
      "normalization": ESTIMATED,
      "goodness of fit": ESTIMATED,
      "joint normalization": ESTIMATED,
      "joint goodness of fit": ESTIMATED,
      "reparameterization": ESTIMATED,
    },
  }),
  "priors.standardNormal": holds(priorLaws, priors.standardNormal()),
  "priors.uniformSphere": holds(priorLaws, priors.uniformSphere()),
  "priors.vampPrior": holds(priorLaws, priors.vampPrior({ components: 3 })),
  "priors.uniformCategorical": holds(priorLaws, priors.uniformCategorical(), {
    support: "one-hot",
  }),
  "priors.uniformCategorical, relaxed": holds(
    priorLaws,
    priors.uniformCategorical({ temperature: 0.5 }),
  ),
};
