/**
 * The categorical distribution over one-hot vectors, independent over all axes of its event but the
 * last.
 *
 * log p(x) = Σ_c x_c log softmax(ℓ)_c
 *
 * With a temperature its draws carry the gradient of relaxed ones, which is biased: the
 * straight-through Gumbel-softmax estimator of Jang, Gu and Poole, "Categorical reparameterization
 * with Gumbel-softmax", arXiv:1611.01144, §2.2.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { type Distribution, sumOverEvent, type WithMean } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";
import { gumbelNoise } from "./_gumbel_noise.ts";

/** B distributions over one-hot vectors, independent over all axes of the event but the last. */
export interface OneHotCategorical extends WithMean<"oneHotCategorical"> {
  /** It is a probability of vectors with 1 at one place and 0 at all others. */
  readonly domain: "discrete";
  /** ℓ `[B, …K, C]`. */
  readonly logits: Tensor;
  /** softmax ℓ `[B, …K, C]`, which is its mean too. */
  readonly probabilities: Tensor;
}

/** One-hot vectors whose draws pass on the gradient of relaxed draws. */
export interface StraightThroughCategorical extends OneHotCategorical {
  /** A gradient passes through a draw, though it is not that of the expectation. */
  readonly reparameterized: true;
  /** λ of the relaxed draws: a number, or a tensor that broadcasts to `[B, …K, 1]`. */
  readonly temperature: Tensor | number;
}

/** 1 at the largest of the last axis and 0 elsewhere; backwards the identity. */
const hardened = tf.customGrad((soft) => {
  const { shape } = soft as Tensor;
  return {
    value: tf.cast(tf.oneHot(tf.argMax(soft as Tensor, -1), shape.at(-1)!), "float32"),
    gradFunc: (upstream: Tensor) => upstream,
  };
});

/**
 * Whether a distribution is categorical over one-hot vectors.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const { categorical, isOneHotCategorical, oneHotCategorical } = distributions;
 *   assert(isOneHotCategorical(oneHotCategorical({ logits: tf.zeros([1, 3]) })));
 *   assert(!isOneHotCategorical(categorical({ logits: tf.zeros([1, 3]) })));
 * });
 * ```
 */
export function isOneHotCategorical(distribution: Distribution): distribution is OneHotCategorical {
  return distribution.family === "oneHotCategorical";
}

/**
 * The categorical distribution over one-hot vectors.
 *
 * @param parameters ℓ `[B, …K, C]`, known up to a constant along the last axis.
 * @returns B distributions over events `[…K, C]`. Their density is that of one-hot vectors alone.
 *
 * @example
 * ```ts
 * import { distributions, seed } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const die = distributions.oneHotCategorical({ logits: tf.zeros([1, 6]) });
 *   const { value, logProb } = die.draw(seed(1));
 *   assert.equal(value.sum().arraySync(), 1);
 *   assert(Math.abs(logProb().dataSync()[0]! - Math.log(1 / 6)) < 1e-6);
 * });
 * ```
 */
export function oneHotCategorical(
  parameters: { readonly logits: Tensor },
): OneHotCategorical;
/**
 * The same distribution, whose draws are the largest parts of relaxed ones and pass on their
 * gradient: softmax((ℓ + g)/λ) instead of a step.
 *
 * @param parameters ℓ `[B, …K, C]`, and λ above 0, which broadcasts to `[B, …K, 1]`.
 */
export function oneHotCategorical(
  parameters: { readonly logits: Tensor; readonly temperature: Tensor | number },
): StraightThroughCategorical;
export function oneHotCategorical(
  { logits, temperature }: { readonly logits: Tensor; readonly temperature?: Tensor | number },
): OneHotCategorical {
  const [batch, ...event] = logits.shape as [number, ...number[]];
  const probabilities = lazily(() => tf.softmax(logits));
  const logProbabilities = lazily(() => tf.logSoftmax(logits));

  const logProb = (value: Tensor): Tensor => sumOverEvent(tf.mul(value, logProbabilities()), event);

  return {
    family: "oneHotCategorical",
    domain: "discrete",
    reparameterized: temperature !== undefined,
    ...(temperature === undefined ? {} : { temperature }),
    batch,
    event,
    logits,
    get probabilities() {
      return probabilities();
    },
    get mean() {
      return probabilities();
    },
    draw: (seed, samples = 1) => {
      const scores = tf.add(logits, gumbelNoise(seed, [samples, batch, ...event]));
      const value = hardened(
        temperature === undefined ? stopGradient(scores) : tf.softmax(tf.div(scores, temperature)),
      );
      return { value, logProb: () => logProb(value) };
    },
    logProb,
  };
}

/**
 * The family of categorical distributions over one-hot vectors, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.oneHotCategoricalFamily.support, "one-hot");
 * ```
 */
export const oneHotCategoricalFamily: Family<OneHotCategorical, "logits"> = {
  name: "oneHotCategorical",
  parameters: { logits: "real" },
  support: "one-hot",
  make: oneHotCategorical,
};
