/**
 * p(z|c) = N(μ(c), diag σ²(c)), with μ and σ from a network of the condition.
 *
 * Sohn, Lee and Yan, "Learning structured output representation using deep conditional generative
 * models", NeurIPS 2015, §3: the prior network.
 *
 * @module
 */
import { wrongType } from "../../core/errors.ts";
import type { AnyNetwork, Network } from "../../core/network.ts";
import { requirePlugin } from "../../core/plugin.ts";
import type { Prior } from "../../core/prior.ts";
import type { Shape } from "../../core/types.ts";
import { type Normal, normal } from "../distributions/normal.ts";

/** What the conditional normal wants from its network. */
export type ConditionalNormalHeads = {
  /** μ `[…K]`. */
  readonly mean: Shape;
  /** σ before the softplus `[…K]`. */
  readonly rawScale: Shape;
};

/** Options of {@linkcode conditionalNormal}. */
export interface ConditionalNormalOptions {
  /** The network from the condition `[B, …C]` to mean and scale, for instance a small `mlp`. */
  readonly network: AnyNetwork | Network<ConditionalNormalHeads>;
}

/**
 * A normal prior that looks at the condition of the model: p(z|c) = N(μ(c), diag σ²(c)). Opposite
 * a normal posterior its KL is in closed form.
 *
 * @param options The network that reads the condition.
 * @throws {TypeError} If there is no network, or the model that it is built for has no condition.
 *
 * @example
 * ```ts
 * import { divergences, likelihoods, networks, posteriors, priors, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [4],
 *   latent: 2,
 *   condition: [3],
 *   encoder: networks.mlp({ hidden: [8] }),
 *   decoder: networks.mlp({ hidden: [8] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.conditionalNormal({ network: networks.mlp({ hidden: [8] }) }),
 *   likelihood: likelihoods.bernoulli(),
 *   divergence: divergences.kl(),
 * });
 * assert(model.parameters.has("prior/network/mean/kernel"));
 * model.dispose();
 * ```
 */
export function conditionalNormal({ network }: ConditionalNormalOptions): Prior<Normal> {
  requirePlugin("build prior", "network", "network", network);
  return {
    kind: "prior",
    name: "conditionalNormal",
    options: { network },
    build: ({ condition, latent, child }) => {
      if (condition === undefined) {
        const requirement = "the model must have a condition for 'conditionalNormal'";
        throw wrongType("build prior", requirement, condition);
      }
      // What is the condition of the model is the input of this network.
      const look = network.build(child("network", { condition: undefined }), {
        input: condition,
        heads: { mean: latent, rawScale: latent },
      });
      return ({ condition, ...context }) => {
        if (condition === undefined) {
          throw wrongType("run prior 'conditionalNormal'", "there must be a condition", "missing");
        }
        return normal(look(condition, context));
      };
    },
  };
}
