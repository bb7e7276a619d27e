/**
 * The log-normal distribution, for positive numbers.
 *
 * log p(x) = log N(log x | μ, σ²) − log x
 * Johnson, Kotz and Balakrishnan, "Continuous univariate distributions", vol. 1, 1994.
 *
 * @module
 */
import {
  distributions,
  type Factorized,
  type Family,
  type Tensor,
  type WithMean,
  type WithVariance,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { independent } from "./independent.ts";

/** Positive numbers, independent over the elements of their event. */
export type LogNormal =
  & Factorized<"logNormal">
  & WithMean<"logNormal">
  & WithVariance<"logNormal">
  & { readonly domain: "positive"; readonly reparameterized: true };

/** The distribution of exp(μ + σ·ε), with μ and σ `[B, …event]`. */
export function logNormal(
  { mean, scale }: { readonly mean: Tensor; readonly scale: Tensor },
): LogNormal {
  const logarithm = distributions.normal({ mean, scale });
  const { batch, event } = logarithm;
  const variance = tf.square(scale), average = tf.exp(tf.add(mean, tf.div(variance, 2)));
  return independent({
    family: "logNormal",
    domain: "positive",
    reparameterized: true,
    batch,
    event,
    mean: average,
    variance: tf.mul(tf.expm1(variance), tf.square(average)),
    sample: (seed, [samples]) => tf.exp(logarithm.draw(seed, samples).value),
    logDensities: (value) => {
      const y = tf.log(value);
      return tf.sub(logarithm.logDensities(y), y);
    },
  });
}

/** The family of log-normal distributions. */
export const logNormalFamily: Family<LogNormal, "mean" | "scale"> = {
  name: "logNormal",
  parameters: { mean: "real", scale: "positive" },
  support: "positive",
  make: logNormal,
};
