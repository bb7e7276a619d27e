/**
 * p(x|z) = ∏ Poisson(x | λ(z)), for counts whose variance is their mean.
 *
 * @module
 */
import type { Likelihood } from "../../core/likelihood.ts";
import type { Shape } from "../../core/types.ts";
import { type Poisson, poisson as poissonDistribution } from "../distributions/poisson.ts";
import { logMeanOf } from "./_counts.ts";

/** What the Poisson likelihood wants from the decoder. */
export type PoissonHeads = {
  /** log λ `[…D]`, to which the log size factor of a datum is added. It ends softly at 20. */
  readonly logRate: Shape;
};

/**
 * A likelihood for counts whose variance is their mean: p(x|z) = ∏ Poisson(x | λ(z)). Where a batch
 * has an `offset`, a log size factor for every datum such as the log of a document's length, it is
 * added to log λ.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(likelihoods.poisson().support, "count");
 * assert.deepEqual(likelihoods.poisson().heads([100]), { logRate: [100] });
 * ```
 */
export function poisson(): Likelihood<PoissonHeads, "count", Poisson> {
  return {
    kind: "likelihood",
    name: "poisson",
    options: {},
    support: "count",
    heads: (event) => ({ logRate: event }),
    build: () => ({ logRate }, { offset }) =>
      poissonDistribution({ logRate: logMeanOf(logRate, offset) }),
  };
}
