/**
 * q(z|x) = ∏ Laplace(z | μ(x), b(x)).
 *
 * @module
 */
import { positiveScale } from "../../core/operations/positive_scale.ts";
import type { Posterior } from "../../core/posterior.ts";
import type { Shape } from "../../core/types.ts";
import { type Laplace, laplace as laplaceDistribution } from "../distributions/laplace.ts";

/** What the Laplace posterior wants from the encoder. */
export type LaplaceHeads = {
  /** μ `[…K]`. */
  readonly location: Shape;
  /** b before the softplus `[…K]`. */
  readonly rawScale: Shape;
};

/**
 * A Laplace posterior whose latents are independent of each other given x:
 * q(z|x) = ∏ Laplace(z | μ(x), b(x)).
 *
 * @example
 * ```ts
 * import { posteriors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const heads = posteriors.laplace().heads([20]);
 * assert.deepEqual(heads, { location: [20], rawScale: [20] });
 * ```
 */
export function laplace(): Posterior<LaplaceHeads, Laplace> {
  return {
    kind: "posterior",
    name: "laplace",
    options: {},
    heads: (latent) => ({ location: latent, rawScale: latent }),
    build: () => ({ location, rawScale }) =>
      laplaceDistribution({ location, scale: positiveScale(rawScale) }),
  };
}
