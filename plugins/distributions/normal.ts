/**
 * The normal distribution, independent over the elements of its event.
 *
 * log p(x) = −½ ((x − μ)/σ)² − log σ − ½ log 2π
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import {
  type Distribution,
  type Factorized,
  sumOverEvent,
  type WithMean,
  type WithVariance,
} from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { HALF_LOG_2_PI, normalLogProb } from "../../core/operations/normal_log_prob.ts";
import { positiveScale } from "../../core/operations/positive_scale.ts";
import { reparameterize } from "../../core/operations/reparameterize.ts";
import { normalNoise } from "../../core/random.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";

export { positiveScale };

/** B normal distributions, independent over the elements of their event. */
export interface Normal extends Factorized<"normal">, WithMean<"normal">, WithVariance<"normal"> {
  /** It is a density on real numbers. */
  readonly domain: "real";
  /** z = μ + σ·ε carries a gradient. */
  readonly reparameterized: true;
  /** σ `[B, …event]`. */
  readonly scale: Tensor;
}

/** The mean `[B, …event]`, and the scale either as it is or before {@linkcode positiveScale}. */
export type NormalParameters =
  | { readonly mean: Tensor; readonly scale: Tensor }
  | { readonly mean: Tensor; readonly rawScale: Tensor };

/**
 * Whether a distribution is normal.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const standard = distributions.standardNormal({ event: [2] });
 * assert(distributions.isNormal(standard));
 * standard.mean.dispose();
 * standard.scale.dispose();
 * ```
 */
export function isNormal(distribution: Distribution): distribution is Normal {
  return distribution.family === "normal";
}

/**
 * The normal distribution N(μ, σ²), independent over the elements of its event.
 *
 * @param parameters μ `[B, …event]`, and σ of the same shape (or one that broadcasts to it), given
 * as `scale` or as `rawScale`.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const standard = distributions.normal({ mean: tf.zeros([1, 2]), scale: tf.ones([1, 2]) });
 *   const [nats] = standard.logProb(tf.zeros([1, 1, 2])).dataSync();
 *   assert(Math.abs(nats! + Math.log(2 * Math.PI)) < 1e-6);
 * });
 * ```
 */
export function normal(parameters: NormalParameters): Normal {
  const { mean } = parameters;
  const [batch, ...event] = mean.shape as [number, ...number[]];
  const scaleOf = lazily(() =>
    "scale" in parameters ? parameters.scale : positiveScale(parameters.rawScale)
  );
  const logScaleOf = lazily(() => tf.log(scaleOf()));
  const varianceOf = lazily(() => tf.broadcastTo(tf.square(scaleOf()), mean.shape));

  /** −½ ε² − log σ − ½ log 2π, with ε = (x − μ)/σ. */
  const densitiesOf = (standardized: Tensor): Tensor =>
    tf.sub(tf.mul(tf.square(standardized), -0.5), tf.add(logScaleOf(), HALF_LOG_2_PI));
  const logDensities = (value: Tensor): Tensor =>
    densitiesOf(tf.div(tf.sub(value, mean), scaleOf()));

  return {
    family: "normal",
    domain: "real",
    reparameterized: true,
    batch,
    event,
    mean,
    get scale() {
      return scaleOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const noise = normalNoise(seed, [samples, batch, ...event]);
      let logProb: Tensor | undefined;
      return {
        value: reparameterize(mean, scaleOf(), noise),
        logProb: () => (logProb ??= sumOverEvent(densitiesOf(noise), event)),
      };
    },
    logDensities,
    logProb: (value) => normalLogProb({ mean, scale: scaleOf() }, value, event),
  };
}

/**
 * The family of normal distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(distributions.normalFamily.parameters, { mean: "real", scale: "positive" });
 * ```
 */
export const normalFamily: Family<Normal, "mean" | "scale"> = {
  name: "normal",
  parameters: { mean: "real", scale: "positive" },
  support: "real",
  make: normal,
};
