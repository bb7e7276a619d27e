/**
 * The Bernoulli distribution, independent over the elements of its event.
 *
 * log p(x) = x·ℓ − log(1 + eˡ), with logits ℓ = log(p / (1 − p))
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Factorized, WithMean, WithVariance } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { bernoulliLogProb } from "../../core/operations/bernoulli_log_prob.ts";
import { uniformNoise } from "../../core/random.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";

/** B Bernoulli distributions, independent over the elements of their event. */
export interface Bernoulli
  extends Factorized<"bernoulli">, WithMean<"bernoulli">, WithVariance<"bernoulli"> {
  /** It is a probability of 0 and 1. */
  readonly domain: "discrete";
  /** No gradient passes through a draw. */
  readonly reparameterized: false;
  /** ℓ `[B, …event]`. */
  readonly logits: Tensor;
}

/**
 * The Bernoulli distribution with the given logits.
 *
 * @param parameters ℓ `[B, …event]`.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const coin = distributions.bernoulli({ logits: tf.zeros([1, 3]) });
 *   const [nats] = coin.logProb(tf.ones([1, 1, 3])).dataSync();
 *   assert(Math.abs(nats! - 3 * Math.log(0.5)) < 1e-6);
 * });
 * ```
 */
export function bernoulli({ logits }: { readonly logits: Tensor }): Bernoulli {
  const [batch, ...event] = logits.shape as [number, ...number[]];
  const meanOf = lazily(() => tf.sigmoid(logits)), logPartition = lazily(() => tf.softplus(logits));
  const varianceOf = lazily(() => tf.mul(meanOf(), tf.sub(1, meanOf())));

  const logDensities = (value: Tensor): Tensor => tf.sub(tf.mul(value, logits), logPartition());
  const logProb = (value: Tensor): Tensor => bernoulliLogProb(logits, value, event);

  return {
    family: "bernoulli",
    domain: "discrete",
    reparameterized: false,
    batch,
    event,
    logits,
    get mean() {
      return meanOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const noise = uniformNoise(seed, [samples, batch, ...event]);
      const value = tf.cast(tf.less(noise, meanOf()), "float32");
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

/**
 * The family of Bernoulli distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(distributions.bernoulliFamily.parameters, { logits: "real" });
 * ```
 */
export const bernoulliFamily: Family<Bernoulli, "logits"> = {
  name: "bernoulli",
  parameters: { logits: "real" },
  support: "binary",
  make: bernoulli,
};
