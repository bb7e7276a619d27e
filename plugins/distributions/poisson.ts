/**
 * The Poisson distribution, independent over the elements of its event.
 *
 * log p(k) = k log λ − λ − log k!
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
import { poissonLogProb } from "../../core/operations/poisson_log_prob.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";
import { drawPoisson } from "./_counts.ts";

/** B Poisson distributions, independent over the elements of their event. */
export interface Poisson
  extends Factorized<"poisson">, WithMean<"poisson">, WithVariance<"poisson"> {
  /** It is a probability of counts. */
  readonly domain: "discrete";
  /** No gradient passes through a draw. */
  readonly reparameterized: false;
  /** log λ `[B, …event]`. */
  readonly logRate: Tensor;
}

/**
 * The Poisson distribution with the given rates.
 *
 * @param parameters log λ `[B, …event]`, up to 88: float32 holds no larger rate.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const visits = distributions.poisson({ logRate: tf.zeros([1, 2]) });
 *   const [nats] = visits.logProb(tf.tensor3d([[[0, 2]]])).dataSync();
 *   assert(Math.abs(nats! - (-1 + -1 - Math.log(2))) < 1e-6);
 * });
 * ```
 */
export function poisson({ logRate }: { readonly logRate: Tensor }): Poisson {
  const [batch, ...event] = logRate.shape as [number, ...number[]];
  const rateOf = lazily(() => tf.exp(logRate));
  const logDensities = (value: Tensor): Tensor => poissonLogProb(logRate, value);
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);

  return {
    family: "poisson",
    domain: "discrete",
    reparameterized: false,
    batch,
    event,
    logRate,
    get mean() {
      return rateOf();
    },
    get variance() {
      return rateOf();
    },
    draw: (seed, samples = 1) => {
      const value = drawPoisson(logRate, seed, samples);
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

/**
 * The family of Poisson distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(distributions.poissonFamily.parameters, { logRate: "real" });
 * ```
 */
export const poissonFamily: Family<Poisson, "logRate"> = {
  name: "poisson",
  parameters: { logRate: "real" },
  support: "count",
  make: poisson,
};
