/**
 * The negative binomial distribution with mean μ and inverse dispersion θ, independent over the
 * elements of its event: counts whose variance μ + μ²/θ is larger than their mean.
 *
 * log p(k) = log Γ(k + θ) − log Γ(θ) − log k! + θ log(θ/(θ + μ)) + k log(μ/(θ + μ))
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
import { negativeBinomialLogProb } from "../../core/operations/negative_binomial_log_prob.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";
import { drawNegativeBinomial } from "./_counts.ts";

/** B negative binomial distributions, independent over the elements of their event. */
export interface NegativeBinomial
  extends
    Factorized<"negativeBinomial">,
    WithMean<"negativeBinomial">,
    WithVariance<"negativeBinomial"> {
  /** It is a probability of counts. */
  readonly domain: "discrete";
  /** No gradient passes through a draw. */
  readonly reparameterized: false;
  /** log μ `[B, …event]`. */
  readonly logMean: Tensor;
  /** log θ, of the shape of `logMean` or one that broadcasts to it. */
  readonly logInverseDispersion: Tensor;
}

/** What a negative binomial distribution is made of. */
export interface NegativeBinomialParameters {
  /** log μ `[B, …event]`. */
  readonly logMean: Tensor;
  /** log θ, of the shape of `logMean` or one that broadcasts to it. */
  readonly logInverseDispersion: Tensor;
}

/**
 * The negative binomial distribution with mean μ and inverse dispersion θ. It tends to the Poisson
 * distribution as θ → ∞.
 *
 * @param parameters log μ `[B, …event]` and log θ, of the same shape or one that broadcasts to it;
 * both between −40 and 40.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   // μ = θ = 1: p(k) = 2⁻ᵏ⁻¹
 *   const logs = tf.zeros([1, 1]);
 *   const geometric = distributions.negativeBinomial({ logMean: logs, logInverseDispersion: logs });
 *   const [nats] = geometric.logProb(tf.tensor3d([[[3]]])).dataSync();
 *   assert(Math.abs(nats! + 4 * Math.log(2)) < 1e-6);
 * });
 * ```
 */
export function negativeBinomial(parameters: NegativeBinomialParameters): NegativeBinomial {
  const { logMean, logInverseDispersion } = parameters;
  const [batch, ...event] = logMean.shape as [number, ...number[]];
  const meanOf = lazily(() => tf.exp(logMean));
  const varianceOf = lazily(() => {
    const spread = tf.exp(tf.sub(tf.mul(logMean, 2), logInverseDispersion));
    return tf.add(meanOf(), spread);
  });
  const logDensities = (value: Tensor): Tensor => negativeBinomialLogProb(parameters, value);
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);

  return {
    family: "negativeBinomial",
    domain: "discrete",
    reparameterized: false,
    batch,
    event,
    logMean,
    logInverseDispersion,
    get mean() {
      return meanOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const value = drawNegativeBinomial(parameters, seed, samples);
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

/**
 * The family of negative binomial distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.negativeBinomialFamily.support, "count");
 * ```
 */
export const negativeBinomialFamily: Family<
  NegativeBinomial,
  "logMean" | "logInverseDispersion"
> = {
  name: "negativeBinomial",
  parameters: { logMean: "real", logInverseDispersion: "real" },
  support: "count",
  make: negativeBinomial,
};
