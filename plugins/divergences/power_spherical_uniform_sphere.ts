/**
 * KL(q ‖ p) from a power spherical distribution to the uniform one on the sphere.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { type ClosedForm, closedForm } from "../../core/divergence.ts";
import { digammaDifference, logGammaRatio } from "../../core/operations/log_gamma_ratio.ts";
import { sizeOf } from "../../core/types.ts";
import { isPowerSpherical, type PowerSpherical } from "../distributions/power_spherical.ts";
import { isUniformSphere, type UniformSphere } from "../distributions/uniform_sphere.ts";

/**
 * KL = r(β + κ) − r(β) − κ r′(β + κ), with β = (K − 1)/2 and r(a) = log Γ(a + β) − log Γ(a).
 *
 * This is log area − entropy, with the entropy log C − κ (log 2 + ψ(α) − ψ(α + β)) of De Cao and
 * Aziz, "The power spherical distribution", arXiv:2006.04437, where α = β + κ and C is the constant
 * that the density is divided by: at κ = 0 this constant is the area, and the powers of 2 cancel.
 *
 * @example
 * ```ts
 * import { distributions, divergences } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const direction = tf.tensor2d([[0, 0, 1]]), scale = tf.tensor1d([1]);
 *   const q = distributions.powerSpherical({ direction, scale });
 *   const p = distributions.uniformSphere({ event: [3] });
 *   const [nats] = divergences.powerSphericalUniformSphere.evaluate(q, p).nats.dataSync();
 *   assert(Math.abs(nats! - (Math.log(2) - 0.5)) < 1e-5);
 * });
 * ```
 */
export const powerSphericalUniformSphere: ClosedForm<PowerSpherical, UniformSphere> = closedForm({
  name: "powerSphericalUniformSphere",
  q: isPowerSpherical,
  p: isUniformSphere,
  nats: ({ scale, event }) => {
    const beta = (sizeOf(event) - 1) / 2, alpha = tf.add(scale, beta);
    const change = tf.sub(logGammaRatio(alpha, beta), logGammaRatio(tf.scalar(beta), beta));
    return { nats: tf.sub(change, tf.mul(scale, digammaDifference(alpha, beta))) };
  },
});
