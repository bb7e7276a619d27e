/**
 * The logistic distribution, independent over the elements of its event.
 *
 * log p(x) = −log(1 + eʸ) − log(1 + e⁻ʸ) − log s, with y = (x − μ)/s
 *
 * Johnson, Kotz and Balakrishnan, "Continuous univariate distributions", vol. 2, 1995, chapter 23.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Factorized, WithMean, WithVariance } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import type { Tensor } from "../../core/types.ts";
import { locationScale } from "./_location_scale.ts";
import { logisticNoise } from "./_logistic_noise.ts";

/** B logistic distributions, independent over the elements of their event. */
export interface Logistic
  extends Factorized<"logistic">, WithMean<"logistic">, WithVariance<"logistic"> {
  /** It is a density on real numbers. */
  readonly domain: "real";
  /** x = μ + s·ε carries a gradient. */
  readonly reparameterized: true;
  /** μ `[B, …event]`. */
  readonly location: Tensor;
  /** s `[B, …event]`, or of a shape that broadcasts to it. */
  readonly scale: Tensor;
}

/** The parameters of {@linkcode logistic}. */
export interface LogisticParameters {
  /** μ `[B, …event]`. */
  readonly location: Tensor;
  /** s of that shape, or one that broadcasts to it. */
  readonly scale: Tensor;
}

/**
 * The logistic distribution with location μ and scale s, whose standard deviation is s·π/√3.
 *
 * @param parameters μ `[B, …event]` and s.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.logistic({ location: tf.zeros([1, 2]), scale: tf.scalar(1) });
 *   const [nats] = q.logProb(tf.zeros([1, 1, 2])).dataSync();
 *   assert(Math.abs(nats! - 2 * Math.log(1 / 4)) < 1e-6);
 * });
 * ```
 */
export function logistic({ location, scale }: LogisticParameters): Logistic {
  return locationScale({
    family: "logistic",
    location,
    scale,
    noise: logisticNoise,
    logNoiseDensity: (noise) => tf.neg(tf.add(tf.softplus(noise), tf.softplus(tf.neg(noise)))),
    noiseVariance: () => Math.PI ** 2 / 3,
  });
}

/**
 * The family of logistic distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { parameters } = distributions.logisticFamily;
 * assert.deepEqual(parameters, { location: "real", scale: "positive" });
 * ```
 */
export const logisticFamily: Family<Logistic, "location" | "scale"> = {
  name: "logistic",
  parameters: { location: "real", scale: "positive" },
  support: "real",
  make: logistic,
};
