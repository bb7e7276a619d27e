/**
 * p(x|z) = ∏ Bernoulli(x | ℓ(z)), for binary data.
 *
 * @module
 */
import type { Likelihood } from "../../core/likelihood.ts";
import type { Shape } from "../../core/types.ts";
import { type Bernoulli, bernoulli as bernoulliDistribution } from "../distributions/bernoulli.ts";

/** What the Bernoulli likelihood wants from the decoder. */
export type BernoulliHeads = {
  /** ℓ `[…D]`. */
  readonly logits: Shape;
};

/**
 * A likelihood for data of zeros and ones: p(x|z) = ∏ Bernoulli(x | ℓ(z)). Grey values are refused:
 * make them binary with `binarize`, or take another likelihood.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(likelihoods.bernoulli().support, "binary");
 * ```
 */
export function bernoulli(): Likelihood<BernoulliHeads, "binary", Bernoulli> {
  return {
    kind: "likelihood",
    name: "bernoulli",
    options: {},
    support: "binary",
    heads: (event) => ({ logits: event }),
    build: () => ({ logits }) => bernoulliDistribution({ logits }),
  };
}
