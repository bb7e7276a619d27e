/**
 * The Laplace distribution, independent over the elements of its event.
 *
 * log p(x) = −|x − μ|/b − log 2b
 *
 * Johnson, Kotz and Balakrishnan, "Continuous univariate distributions", vol. 2, 1995, chapter 24.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution, Factorized, WithMean, WithVariance } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { type Seed, uniformNoise } from "../../core/random.ts";
import type { Shape, Tensor } from "../../core/types.ts";
import { locationScale } from "./_location_scale.ts";

/** B Laplace distributions, independent over the elements of their event. */
export interface Laplace
  extends Factorized<"laplace">, WithMean<"laplace">, WithVariance<"laplace"> {
  /** It is a density on real numbers. */
  readonly domain: "real";
  /** x = μ + b·ε carries a gradient. */
  readonly reparameterized: true;
  /** μ `[B, …event]`. */
  readonly location: Tensor;
  /** b `[B, …event]`, or of a shape that broadcasts to it. */
  readonly scale: Tensor;
}

/** The parameters of {@linkcode laplace}. */
export interface LaplaceParameters {
  /** μ `[B, …event]`. */
  readonly location: Tensor;
  /** b of that shape, or one that broadcasts to it. */
  readonly scale: Tensor;
}

/**
 * F⁻¹(u) = −sign(v)·log(1 − 2|v|) with v = u − ½. Both differences are exact in float32, and v is
 * never 0 or ±½.
 */
function standardLaplaceNoise(seed: Seed, shape: Shape): Tensor {
  const centred = tf.sub(uniformNoise(seed, shape), 0.5);
  const magnitude = tf.log(tf.sub(1, tf.mul(tf.abs(centred), 2)));
  return tf.neg(tf.mul(tf.sign(centred), magnitude));
}

/**
 * Whether a distribution is Laplace's.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.laplace({ location: tf.zeros([1, 2]), scale: tf.scalar(1) });
 *   assert(distributions.isLaplace(q) && !distributions.isNormal(q));
 * });
 * ```
 */
export function isLaplace(distribution: Distribution): distribution is Laplace {
  return distribution.family === "laplace";
}

/**
 * The Laplace distribution with location μ and scale b, whose standard deviation is √2·b.
 *
 * @param parameters μ `[B, …event]` and b.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.laplace({ location: tf.zeros([1, 2]), scale: tf.scalar(1) });
 *   const [nats] = q.logProb(tf.ones([1, 1, 2])).dataSync();
 *   assert(Math.abs(nats! - 2 * (-1 - Math.log(2))) < 1e-6);
 * });
 * ```
 */
export function laplace({ location, scale }: LaplaceParameters): Laplace {
  return locationScale({
    family: "laplace",
    location,
    scale,
    noise: standardLaplaceNoise,
    logNoiseDensity: (noise) => tf.sub(tf.neg(tf.abs(noise)), Math.LN2),
    noiseVariance: () => 2,
  });
}

/**
 * The family of Laplace distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { parameters } = distributions.laplaceFamily;
 * assert.deepEqual(parameters, { location: "real", scale: "positive" });
 * ```
 */
export const laplaceFamily: Family<Laplace, "location" | "scale"> = {
  name: "laplace",
  parameters: { location: "real", scale: "positive" },
  support: "real",
  make: laplace,
};
