/**
 * q(z|x) = N(μ(x), diag σ²(x) + W(x)·W(x)ᵀ).
 *
 * Ong, Nott and Smith, "Gaussian variational approximation with a factor covariance structure",
 * arXiv:1701.03208, §3.
 *
 * @module
 */
import { requirePositiveInteger } from "../../core/errors.ts";
import { positiveScale } from "../../core/operations/positive_scale.ts";
import type { Posterior } from "../../core/posterior.ts";
import { type Shape, sizeOf } from "../../core/types.ts";
import {
  type LowRankNormal,
  lowRankNormal as lowRankNormalDistribution,
} from "../distributions/low_rank_normal.ts";

/** What the low-rank normal wants from the encoder, for K latents in all. */
export type LowRankNormalHeads = {
  /** μ `[…K]`. */
  readonly mean: Shape;
  /** σ before the softplus `[…K]`. */
  readonly rawScale: Shape;
  /** W `[K, R]`. */
  readonly factor: Shape;
};

/** Options of {@linkcode lowRankNormal}. */
export interface LowRankNormalOptions {
  /**
   * R, the number of factors through which latents depend on each other.
   * @default 1
   */
  readonly rank?: number;
}

/**
 * A normal posterior N(μ(x), diag σ²(x) + W(x)·W(x)ᵀ), whose latents depend on each other through R
 * common factors: K(R + 2) numbers for each datum.
 *
 * @param options R.
 * @throws {RangeError} If R is not a positive integer.
 *
 * @example
 * ```ts
 * import { posteriors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const heads = posteriors.lowRankNormal({ rank: 3 }).heads([20]);
 * assert.deepEqual(heads, { mean: [20], rawScale: [20], factor: [20, 3] });
 * assert.throws(() => posteriors.lowRankNormal({ rank: 0 }), /'rank' must be a positive integer/);
 * ```
 */
export function lowRankNormal(
  { rank = 1 }: LowRankNormalOptions = {},
): Posterior<LowRankNormalHeads, LowRankNormal> {
  requirePositiveInteger("build posterior", "rank", rank);
  return {
    kind: "posterior",
    name: "lowRankNormal",
    options: { rank },
    heads: (latent) => ({ mean: latent, rawScale: latent, factor: [sizeOf(latent), rank] }),
    build: () => ({ mean, rawScale, factor }) =>
      lowRankNormalDistribution({ mean, scale: positiveScale(rawScale), factor }),
  };
}
