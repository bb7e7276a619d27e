/**
 * The beta distribution, independent over the elements of its event.
 *
 * log p(x) = (α − 1) log x + (β − 1) log(1 − x) − log B(α, β)
 *
 * Draws are x = g/(g + h) with g ~ Gamma(α, 1) and h ~ Gamma(β, 1), whose gradients are implicit:
 * Figurnov, Mohamed and Mnih, "Implicit reparameterization gradients", arXiv:1805.08498.
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
import { logBeta } from "../../core/operations/log_gamma_ratio.ts";
import { logStandardGamma } from "../../core/operations/standard_gamma.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";

/** B beta distributions, independent over the elements of their event. */
export interface Beta extends Factorized<"beta">, WithMean<"beta">, WithVariance<"beta"> {
  /** It is a density on numbers between 0 and 1. */
  readonly domain: "unit";
  /** Draws carry a gradient, implicitly. */
  readonly reparameterized: true;
  /** α `[B, …event]`. */
  readonly concentration1: Tensor;
  /** β `[B, …event]`. */
  readonly concentration0: Tensor;
}

/** Parameters of {@linkcode beta}. */
export interface BetaParameters {
  /** α `[B, …event]`, positive: the power of x is α − 1. */
  readonly concentration1: Tensor;
  /** β `[B, …event]`, positive: the power of 1 − x is β − 1. */
  readonly concentration0: Tensor;
  /**
   * Values nearer to 0 or to 1 than this are scored as if they were that far away.
   * @default as near as float32 can tell: 10⁻³⁸ from 0, 6·10⁻⁸ from 1
   */
  readonly epsilon?: number;
}

/** The ends of what float32 can tell from 0 and from 1. */
const SMALLEST = 2 ** -126, LARGEST = 1 - 2 ** -24;

/**
 * The beta distribution with mean α/(α + β), independent over the elements of its event.
 *
 * Its density is for the open interval. At 0 and at 1, where it would be 0 or infinite, it is that of
 * the nearest number inside, and no gradient passes to the value.
 *
 * @param parameters α and β `[B, …event]`, and how near to 0 and 1 values may come.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const two = tf.fill([1, 1], 2);
 *   const q = distributions.beta({ concentration1: two, concentration0: two });
 *   const [nats] = q.logProb(tf.tensor3d([[[0.25]]])).dataSync(); // p(x) = 6 x (1 − x)
 *   assert(Math.abs(nats! - Math.log(6 * 0.25 * 0.75)) < 1e-5);
 * });
 * ```
 */
export function beta(
  { concentration1, concentration0, epsilon = 0 }: BetaParameters,
): Beta {
  const smallest = Math.max(SMALLEST, epsilon), largest = Math.min(LARGEST, 1 - epsilon);
  const [batch, ...event] = concentration1.shape as [number, ...number[]];
  const totalOf = lazily(() => tf.add(concentration1, concentration0));
  const meanOf = lazily(() => tf.div(concentration1, totalOf()));
  const varianceOf = lazily(() =>
    tf.div(
      tf.mul(meanOf(), tf.div(concentration0, totalOf())),
      tf.add(totalOf(), 1),
    )
  );
  const logBetaOf = lazily(() => logBeta(concentration1, concentration0));

  const logDensities = (value: Tensor): Tensor => {
    const x = tf.clipByValue(value, smallest, largest);
    const lower = tf.mul(tf.sub(concentration1, 1), tf.log(x));
    const upper = tf.mul(tf.sub(concentration0, 1), tf.log(tf.sub(1, x)));
    return tf.sub(tf.add(lower, upper), logBetaOf());
  };
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);

  return {
    family: "beta",
    domain: "unit",
    reparameterized: true,
    batch,
    event,
    concentration1,
    concentration0,
    get mean() {
      return meanOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const first = logStandardGamma(concentration1, seed.split("concentration1"), samples);
      const second = logStandardGamma(concentration0, seed.split("concentration0"), samples);
      const value = tf.sigmoid(tf.sub(first, second));
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

/**
 * The family of beta distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.betaFamily.support, "unit");
 * ```
 */
export const betaFamily: Family<Beta, "concentration1" | "concentration0"> = {
  name: "beta",
  parameters: { concentration1: "positive", concentration0: "positive" },
  support: "unit",
  make: beta,
};
