/**
 * p(x|z) = ∏ ContinuousBernoulli(x | ℓ(z)), for numbers from 0 to 1.
 *
 * Loaiza-Ganem and Cunningham, "The continuous Bernoulli: fixing a pervasive error in variational
 * autoencoders", arXiv:1907.06845: a Bernoulli likelihood of grey values is no density.
 *
 * @module
 */
import type { Likelihood } from "../../core/likelihood.ts";
import type { Shape } from "../../core/types.ts";
import {
  type ContinuousBernoulli,
  continuousBernoulli as continuousBernoulliDistribution,
} from "../distributions/continuous_bernoulli.ts";

/** What the continuous Bernoulli likelihood wants from the decoder. */
export type ContinuousBernoulliHeads = {
  /** ℓ `[…D]`. */
  readonly logits: Shape;
};

/**
 * A likelihood for grey values between 0 and 1, both ends included:
 * p(x|z) = ∏ ContinuousBernoulli(x | ℓ(z)). Its nats are those of a density, which may exceed 0.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(likelihoods.continuousBernoulli().support, "unit");
 * ```
 */
export function continuousBernoulli(): Likelihood<
  ContinuousBernoulliHeads,
  "unit",
  ContinuousBernoulli
> {
  return {
    kind: "likelihood",
    name: "continuousBernoulli",
    options: {},
    support: "unit",
    heads: (event) => ({ logits: event }),
    build: () => ({ logits }) => continuousBernoulliDistribution({ logits }),
  };
}
