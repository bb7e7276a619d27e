/**
 * q(z|x) is power spherical, for latents on the unit sphere.
 *
 * De Cao and Aziz, "The power spherical distribution", arXiv:2006.04437.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Posterior } from "../../core/posterior.ts";
import { positiveScale, rawScaleOf } from "../../core/operations/positive_scale.ts";
import { type Shape, sizeOf } from "../../core/types.ts";
import {
  type PowerSpherical,
  powerSpherical as powerSphericalDistribution,
} from "../distributions/power_spherical.ts";

/** What the power spherical posterior wants from the encoder. */
export type PowerSphericalHeads = {
  /** The direction of μ, of any length `[…K]`. */
  readonly direction: Shape;
  /** κ/(K − 1) before a softplus, which makes 2 of 0 `[]`. */
  readonly rawScale: Shape;
};

/** An encoder that starts near 0 means draws around μ, which the decoder can use. */
const FIRST_RAW_SCALE = rawScaleOf(2);

/**
 * A posterior on the sphere of latents of length 1, with one concentration for all their elements.
 * It goes with `priors.uniformSphere`; K must be at least 2.
 *
 * κ = (K − 1) softplus(raw + softplus⁻¹(2)): what the encoder says means the same for any K, as the
 * mean is μ κ/(κ + K − 1).
 *
 * The mean of q(z|x) lies inside the sphere, where the decoder sees no draws: reconstruct with a
 * seed, or decode `encode(x).location`.
 *
 * @example
 * ```ts
 * import { posteriors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const heads = posteriors.powerSpherical().heads([20]);
 * assert.deepEqual(heads, { direction: [20], rawScale: [] });
 * ```
 */
export function powerSpherical(): Posterior<PowerSphericalHeads, PowerSpherical> {
  return {
    kind: "posterior",
    name: "powerSpherical",
    options: {},
    heads: (latent) => ({ direction: latent, rawScale: [] }),
    build: ({ latent }) => ({ direction, rawScale }) => {
      const scale = tf.mul(positiveScale(tf.add(rawScale, FIRST_RAW_SCALE)), sizeOf(latent) - 1);
      return powerSphericalDistribution({ direction, scale });
    },
  };
}
