/**
 * q(z|x) = the distribution of softmax(V·y), with y ~ N(μ(x), diag σ²(x)): latents that are positive
 * and add up to 1, such as the shares of topics.
 *
 * @module
 */
import { positiveScale } from "../../core/operations/positive_scale.ts";
import type { Posterior } from "../../core/posterior.ts";
import type { Shape } from "../../core/types.ts";
import {
  type LogisticNormal,
  logisticNormal as logisticNormalDistribution,
  simplexCoordinates,
} from "../distributions/logistic_normal.ts";

/** What the logistic normal posterior wants from the encoder. */
export type LogisticNormalHeads = {
  /** μ `[K − 1]`. */
  readonly location: Shape;
  /** σ before the softplus `[K − 1]`. */
  readonly rawScale: Shape;
};

/**
 * A posterior on the simplex, for `priors.logisticNormal`. The latent is a list of K parts.
 *
 * Its mean has no closed form, so that `reconstruct` wants a seed.
 *
 * @example
 * ```ts
 * import { posteriors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const heads = posteriors.logisticNormal().heads([20]);
 * assert.deepEqual(heads, { location: [19], rawScale: [19] });
 * ```
 */
export function logisticNormal(): Posterior<LogisticNormalHeads, LogisticNormal> {
  return {
    kind: "posterior",
    name: "logisticNormal",
    options: {},
    heads: (latent) => {
      const shape = simplexCoordinates("build posterior 'logisticNormal'", latent);
      return { location: shape, rawScale: shape };
    },
    build: () => ({ location, rawScale }) =>
      logisticNormalDistribution({ location, scale: positiveScale(rawScale) }),
  };
}
