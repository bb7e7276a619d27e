/**
 * q(z|x) = N(μ(x), diag σ²(x)).
 *
 * Kingma and Welling, "Auto-encoding variational Bayes", arXiv:1312.6114, eq. 9.
 *
 * @module
 */
import type { Posterior } from "../../core/posterior.ts";
import type { Shape } from "../../core/types.ts";
import { type Normal, normal } from "../distributions/normal.ts";

/** What the diagonal normal wants from the encoder. */
export type DiagonalNormalHeads = {
  /** μ `[…K]`. */
  readonly mean: Shape;
  /** σ before the softplus `[…K]`. */
  readonly rawScale: Shape;
};

/**
 * A normal posterior whose latents are independent of each other given x:
 * q(z|x) = N(μ(x), diag σ²(x)).
 *
 * @example
 * ```ts
 * import { posteriors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const heads = posteriors.diagonalNormal().heads([20]);
 * assert.deepEqual(heads, { mean: [20], rawScale: [20] });
 * ```
 */
export function diagonalNormal(): Posterior<DiagonalNormalHeads, Normal> {
  return {
    kind: "posterior",
    name: "diagonalNormal",
    options: {},
    heads: (latent) => ({ mean: latent, rawScale: latent }),
    build: () => ({ mean, rawScale }) => normal({ mean, rawScale }),
  };
}
