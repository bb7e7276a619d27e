/**
 * The zero-inflated negative binomial distribution: 0 with probability π = sigmoid(ℓ), and else a
 * negative binomial count.
 *
 * p(0) = π + (1 − π)·NB(0), and p(k) = (1 − π)·NB(k) for k > 0
 *
 * Lopez, Regier, Cole, Jordan and Yosef, "Deep generative modeling for single-cell transcriptomics",
 * Nature Methods 15, 2018.
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
import { uniformNoise } from "../../core/random.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";
import { drawNegativeBinomial } from "./_counts.ts";
import type { NegativeBinomialParameters } from "./negative_binomial.ts";

/** B zero-inflated negative binomial distributions, independent over the elements of their event. */
export interface ZeroInflatedNegativeBinomial
  extends
    Factorized<"zeroInflatedNegativeBinomial">,
    WithMean<"zeroInflatedNegativeBinomial">,
    WithVariance<"zeroInflatedNegativeBinomial"> {
  /** It is a probability of counts. */
  readonly domain: "discrete";
  /** No gradient passes through a draw. */
  readonly reparameterized: false;
  /** log μ of the negative binomial part `[B, …event]`. */
  readonly logMean: Tensor;
  /** log θ, of the shape of `logMean` or one that broadcasts to it. */
  readonly logInverseDispersion: Tensor;
  /** ℓ, the log-odds of an extra zero, `[B, …event]`. */
  readonly zeroLogits: Tensor;
}

/** What a zero-inflated negative binomial distribution is made of. */
export interface ZeroInflatedNegativeBinomialParameters extends NegativeBinomialParameters {
  /** ℓ, the log-odds of an extra zero, of the shape of `logMean` or one that broadcasts to it. */
  readonly zeroLogits: Tensor;
}

/**
 * The negative binomial distribution with extra zeros.
 *
 * @param parameters log μ `[B, …event]`, log θ and the log-odds of an extra zero, of the same shape
 * or one that broadcasts to it; log μ and log θ between −40 and 40.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const zero = tf.zeros([1, 1]);
 *   const parameters = { logMean: zero, logInverseDispersion: zero, zeroLogits: zero };
 *   const counts = distributions.zeroInflatedNegativeBinomial(parameters);
 *   const [nats] = counts.logProb(tf.zeros([1, 1, 1])).dataSync();
 *   assert(Math.abs(nats! - Math.log(0.5 + 0.5 * 0.5)) < 1e-6);
 * });
 * ```
 */
export function zeroInflatedNegativeBinomial(
  parameters: ZeroInflatedNegativeBinomialParameters,
): ZeroInflatedNegativeBinomial {
  const { logMean, logInverseDispersion, zeroLogits } = parameters;
  const [batch, ...event] = logMean.shape as [number, ...number[]];
  const logPartition = lazily(() => tf.softplus(zeroLogits));
  const meanOf = lazily(() => tf.mul(tf.sigmoid(tf.neg(zeroLogits)), tf.exp(logMean)));
  // (1 − π) μ (1 + μ (π + 1/θ))
  const varianceOf = lazily(() => {
    const spread = tf.add(tf.sigmoid(zeroLogits), tf.exp(tf.neg(logInverseDispersion)));
    return tf.mul(meanOf(), tf.add(tf.mul(tf.exp(logMean), spread), 1));
  });

  const logDensities = (value: Tensor): Tensor => {
    const counts = negativeBinomialLogProb(parameters, value);
    // log(eˡ + NB(0)) = log NB(0) + softplus(ℓ − log NB(0)), where k is 0.
    const extra = tf.mul(tf.sub(1, tf.step(value)), tf.softplus(tf.sub(zeroLogits, counts)));
    return tf.sub(tf.add(counts, extra), logPartition());
  };
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);

  return {
    family: "zeroInflatedNegativeBinomial",
    domain: "discrete",
    reparameterized: false,
    batch,
    event,
    logMean,
    logInverseDispersion,
    zeroLogits,
    get mean() {
      return meanOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const noise = uniformNoise(seed.split("zeros"), [samples, batch, ...event]);
      const counted = tf.cast(tf.greater(noise, tf.sigmoid(zeroLogits)), "float32");
      const value = tf.mul(counted, drawNegativeBinomial(parameters, seed, samples));
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

/**
 * The family of zero-inflated negative binomial distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.zeroInflatedNegativeBinomialFamily.parameters.zeroLogits, "real");
 * ```
 */
export const zeroInflatedNegativeBinomialFamily: Family<
  ZeroInflatedNegativeBinomial,
  "logMean" | "logInverseDispersion" | "zeroLogits"
> = {
  name: "zeroInflatedNegativeBinomial",
  parameters: { logMean: "real", logInverseDispersion: "real", zeroLogits: "real" },
  support: "count",
  make: zeroInflatedNegativeBinomial,
};
