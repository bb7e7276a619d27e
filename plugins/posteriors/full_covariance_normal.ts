/**
 * q(z|x) = N(μ(x), L(x)·L(x)ᵀ), with L lower triangular.
 *
 * Kingma and Welling, "An introduction to variational autoencoders", arXiv:1906.02691, §2.5.1.
 *
 * @module
 */
import { positiveScale } from "../../core/operations/positive_scale.ts";
import type { Posterior } from "../../core/posterior.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import { type Shape, sizeOf } from "../../core/types.ts";
import { belowDiagonal, lowerTriangular } from "../distributions/_triangular.ts";
import {
  type MultivariateNormal,
  multivariateNormal,
} from "../distributions/multivariate_normal.ts";

/** What the full-covariance normal wants from the encoder, for K latents in all. */
export type FullCovarianceNormalHeads = {
  /** μ `[…K]`. */
  readonly mean: Shape;
  /** The diagonal of L before the softplus `[…K]`. */
  readonly rawDiagonal: Shape;
  /** What is below the diagonal of L `[K(K − 1)/2]`; absent where K = 1. */
  readonly lower?: Shape;
};

/**
 * A normal posterior N(μ(x), L(x)·L(x)ᵀ), whose latents may depend on each other in every way:
 * K(K + 3)/2 numbers for each datum.
 *
 * @example
 * ```ts
 * import { posteriors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const heads = posteriors.fullCovarianceNormal().heads([20]);
 * assert.deepEqual(heads, { mean: [20], rawDiagonal: [20], lower: [190] });
 * ```
 */
export function fullCovarianceNormal(): Posterior<FullCovarianceNormalHeads, MultivariateNormal> {
  return {
    kind: "posterior",
    name: "fullCovarianceNormal",
    options: {},
    heads: (latent) => {
      const size = sizeOf(latent), lower = [size * (size - 1) / 2];
      return { mean: latent, rawDiagonal: latent, ...(size > 1 ? { lower } : {}) };
    },
    build: ({ latent }) => {
      const size = sizeOf(latent);
      return ({ mean, rawDiagonal, lower }) => {
        const diagonal = inShape(positiveScale(rawDiagonal), [-1, size]);
        return multivariateNormal({
          mean,
          cholesky: lower === undefined
            ? inShape(diagonal, [-1, 1, 1])
            : lowerTriangular(diagonal, belowDiagonal(lower, size)),
        });
      };
    },
  };
}
