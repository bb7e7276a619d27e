/**
 * The log-normal distribution of exp(y) with y normal, independent over the elements of its event.
 *
 * log p(x) = log N(log x | μ, σ²) − log x
 *
 * Johnson, Kotz and Balakrishnan, "Continuous univariate distributions", vol. 1, 1994, chapter 14.
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
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";
import { normal } from "./normal.ts";

/** B log-normal distributions, independent over the elements of their event. */
export interface LogNormal
  extends Factorized<"logNormal">, WithMean<"logNormal">, WithVariance<"logNormal"> {
  /** It is a density on positive numbers. */
  readonly domain: "positive";
  /** x = exp(μ + σ·ε) carries a gradient. */
  readonly reparameterized: true;
  /** μ `[B, …event]`, the mean of log x. */
  readonly location: Tensor;
  /** σ, the standard deviation of log x: `[B, …event]`, or of a shape that broadcasts to it. */
  readonly scale: Tensor;
}

/** The parameters of {@linkcode logNormal}. */
export interface LogNormalParameters {
  /** μ `[B, …event]`, the mean of log x. */
  readonly location: Tensor;
  /** σ, the standard deviation of log x: of that shape, or one that broadcasts to it. */
  readonly scale: Tensor;
}

/**
 * The distribution of exp(y), with y ~ N(μ, σ²). Draws leave float32 where |y| exceeds 87.
 *
 * @param parameters μ `[B, …event]` and σ of the logarithm.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.logNormal({ location: tf.zeros([1, 2]), scale: tf.scalar(1) });
 *   const [nats] = q.logProb(tf.ones([1, 1, 2])).dataSync();
 *   assert(Math.abs(nats! + Math.log(2 * Math.PI)) < 1e-6);
 * });
 * ```
 */
export function logNormal({ location, scale }: LogNormalParameters): LogNormal {
  const logarithm = normal({ mean: location, scale });
  const { batch, event } = logarithm;
  const meanOf = lazily(() => tf.exp(tf.add(location, tf.div(tf.square(scale), 2))));
  const varianceOf = lazily(() => tf.mul(tf.expm1(tf.square(scale)), tf.square(meanOf())));

  return {
    family: "logNormal",
    domain: "positive",
    reparameterized: true,
    batch,
    event,
    location,
    scale,
    get mean() {
      return meanOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const { value, logProb } = logarithm.draw(seed, samples);
      return {
        value: tf.exp(value),
        logProb: lazily(() => tf.sub(logProb(), sumOverEvent(value, event))),
      };
    },
    logDensities: (value) => {
      const y = tf.log(value);
      return tf.sub(logarithm.logDensities(y), y);
    },
    logProb: (value) => {
      const y = tf.log(value);
      return tf.sub(logarithm.logProb(y), sumOverEvent(y, event));
    },
  };
}

/**
 * The family of log-normal distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.logNormalFamily.support, "positive");
 * ```
 */
export const logNormalFamily: Family<LogNormal, "location" | "scale"> = {
  name: "logNormal",
  parameters: { location: "real", scale: "positive" },
  support: "positive",
  make: logNormal,
};
