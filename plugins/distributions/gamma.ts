/**
 * The gamma distribution, independent over the elements of its event.
 *
 * log p(x) = α log β + (α − 1) log x − βx − log Γ(α)
 *
 * With m = βx/α it is α (log m + 1 − m) − log x + ½ log α − ½ log 2π − R(α), where R is the error of
 * Stirling's formula: so no large numbers are subtracted. Draws carry implicit gradients: Figurnov,
 * Mohamed and Mnih, "Implicit reparameterization gradients", arXiv:1805.08498.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import {
  type Factorized,
  sumOverEvent,
  type WithMean,
  type WithVariance,
} from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { stirlingError } from "../../core/operations/log_gamma.ts";
import { HALF_LOG_2_PI } from "../../core/operations/normal_log_prob.ts";
import { logStandardGamma } from "../../core/operations/standard_gamma.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";

/** B gamma distributions, independent over the elements of their event. */
export interface Gamma extends Factorized<"gamma">, WithMean<"gamma">, WithVariance<"gamma"> {
  /** It is a density on positive numbers. */
  readonly domain: "positive";
  /** Draws carry a gradient, implicitly. */
  readonly reparameterized: true;
  /** α `[B, …event]`. */
  readonly concentration: Tensor;
  /** β, of that shape or one that broadcasts to it. */
  readonly rate: Tensor;
}

/** Parameters of {@linkcode gamma}. */
export interface GammaParameters {
  /** α `[B, …event]`, positive. */
  readonly concentration: Tensor;
  /** β, positive, of that shape or one that broadcasts to it. */
  readonly rate: Tensor;
}

/** The smallest positive number that float32 holds with all its digits. */
const SMALLEST = 2 ** -126;

/** So many means away the density is 0, and its logarithm still a number. */
const FAR = 1e30;

/** Logarithms between which float32 holds eˣ. */
const LOWEST = Math.log(SMALLEST) + 1e-3, HIGHEST = 88;

/**
 * The gamma distribution with mean α/β and variance α/β², independent over the elements of its
 * event. Draws that would be smaller than 10⁻³⁸ are 10⁻³⁸.
 *
 * @param parameters α `[B, …event]`, and β of the same shape (or one that broadcasts to it).
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   // With α = 1 it is the exponential distribution: p(2) = 3 exp(−3 · 2).
 *   const q = distributions.gamma({ concentration: tf.ones([1, 1]), rate: tf.tensor2d([[3]]) });
 *   const [nats] = q.logProb(tf.tensor3d([[[2]]])).dataSync();
 *   assert(Math.abs(nats! - (Math.log(3) - 6)) < 1e-5);
 * });
 * ```
 */
export function gamma({ concentration, rate }: GammaParameters): Gamma {
  const [batch, ...event] = concentration.shape as [number, ...number[]];
  const meanOf = lazily(() => tf.div(concentration, rate));
  const varianceOf = lazily(() => tf.div(meanOf(), rate));
  const constantOf = lazily(() =>
    tf.sub(
      tf.sub(tf.mul(tf.log(concentration), 0.5), HALF_LOG_2_PI),
      stirlingError(concentration),
    )
  );

  const logDensities = (value: Tensor): Tensor => {
    const x = tf.maximum(value, SMALLEST), m = tf.clipByValue(tf.div(x, meanOf()), SMALLEST, FAR);
    const shape = tf.mul(concentration, tf.add(tf.log(m), tf.sub(1, m)));
    return tf.add(tf.sub(shape, tf.log(x)), constantOf());
  };
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);

  return {
    family: "gamma",
    domain: "positive",
    reparameterized: true,
    batch,
    event,
    concentration,
    rate,
    get mean() {
      return meanOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const log = tf.sub(logStandardGamma(concentration, seed, samples), tf.log(rate));
      const value = tf.exp(tf.clipByValue(log, LOWEST, HIGHEST));
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

/**
 * The family of gamma distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.gammaFamily.support, "positive");
 * ```
 */
export const gammaFamily: Family<Gamma, "concentration" | "rate"> = {
  name: "gamma",
  parameters: { concentration: "positive", rate: "positive" },
  support: "positive",
  make: gamma,
};
