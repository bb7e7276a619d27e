/**
 * The relaxed one-hot categorical ("Concrete", "Gumbel-softmax") distribution on the simplex,
 * independent over all axes of its event but the last.
 *
 * log p(x) = log Γ(C) + (C − 1) log λ + Σ_c (log softmax(ℓ − λ log x)_c − log x_c)
 *
 * x = softmax((ℓ + g)/λ), with g Gumbel noise. Maddison, Mnih and Teh, "The Concrete distribution: a
 * continuous relaxation of discrete random variables", arXiv:1611.00712, §3; Jang, Gu and Poole,
 * "Categorical reparameterization with Gumbel-softmax", arXiv:1611.01144, §2.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { type Distribution, sumOverEvent } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";
import { gumbelNoise } from "./_gumbel_noise.ts";

/** B distributions on the simplex of C parts, independent over all axes of the event but the last. */
export interface RelaxedOneHotCategorical extends Distribution<"relaxedOneHotCategorical"> {
  /** It is a density on parts that are positive and add up to 1, by C − 1 of them. */
  readonly domain: "simplex";
  /** x = softmax((ℓ + g)/λ) carries a gradient. */
  readonly reparameterized: true;
  /** ℓ `[B, …K, C]`. */
  readonly logits: Tensor;
  /** λ: a number, or a tensor that broadcasts to `[B, …K, 1]`. */
  readonly temperature: Tensor | number;
  /** softmax ℓ `[B, …K, C]`: how probable it is that a part is the largest, at any temperature. */
  readonly probabilities: Tensor;
}

/** The parameters of {@linkcode relaxedOneHotCategorical}. */
export interface RelaxedOneHotCategoricalParameters {
  /** ℓ `[B, …K, C]`, known up to a constant along the last axis. */
  readonly logits: Tensor;
  /**
   * λ above 0: a number, or a tensor that broadcasts to `[B, …K, 1]`. Draws come near to one-hot
   * vectors as it falls to 0.
   */
  readonly temperature: Tensor | number;
}

/** No part is taken for smaller: float32 holds it, and 1 over it. */
const SMALLEST = 2 ** -100;

/** log Γ(n) = log (n − 1)! */
function logGamma(n: number): number {
  let sum = 0;
  for (let i = 2; i < n; i++) sum += Math.log(i);
  return sum;
}

/**
 * Whether a distribution is relaxed one-hot categorical.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const { isRelaxedOneHotCategorical, relaxedOneHotCategorical } = distributions;
 *   const q = relaxedOneHotCategorical({ logits: tf.zeros([1, 3]), temperature: 1 });
 *   assert(isRelaxedOneHotCategorical(q));
 * });
 * ```
 */
export function isRelaxedOneHotCategorical(
  distribution: Distribution,
): distribution is RelaxedOneHotCategorical {
  return distribution.family === "relaxedOneHotCategorical";
}

/**
 * The relaxed one-hot categorical distribution. Parts are kept above 10⁻³⁰, where their density is
 * taken too: what float32 cannot tell from 0 has no logarithm.
 *
 * @param parameters ℓ and λ.
 * @returns B distributions over events `[…K, C]`.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const { relaxedOneHotCategorical } = distributions;
 *   // With λ = 1 and two equal logits the first part is uniform between 0 and 1.
 *   const q = relaxedOneHotCategorical({ logits: tf.zeros([1, 2]), temperature: 1 });
 *   const [nats] = q.logProb(tf.tensor3d([[[0.3, 0.7]]])).dataSync();
 *   assert(Math.abs(nats!) < 1e-6);
 * });
 * ```
 */
export function relaxedOneHotCategorical(
  { logits, temperature }: RelaxedOneHotCategoricalParameters,
): RelaxedOneHotCategorical {
  const [batch, ...event] = logits.shape as [number, ...number[]];
  const classes = event.at(-1)!;
  const probabilities = lazily(() => tf.softmax(logits));
  // Its share of every part: log Γ(C) / C + (1 − 1/C) log λ.
  const constant = lazily(() =>
    tf.add(tf.mul(tf.log(temperature), 1 - 1 / classes), logGamma(classes) / classes)
  );

  const logProbOf = (logParts: Tensor): Tensor => {
    const shares = tf.logSoftmax(tf.sub(logits, tf.mul(logParts, temperature)));
    return sumOverEvent(tf.add(tf.sub(shares, logParts), constant()), event);
  };

  return {
    family: "relaxedOneHotCategorical",
    domain: "simplex",
    reparameterized: true,
    batch,
    event,
    logits,
    temperature,
    get probabilities() {
      return probabilities();
    },
    draw: (seed, samples = 1) => {
      const scores = tf.add(logits, gumbelNoise(seed, [samples, batch, ...event]));
      const logParts = tf.maximum(
        tf.logSoftmax(tf.div(scores, temperature)),
        Math.log(SMALLEST),
      );
      return { value: tf.exp(logParts), logProb: () => logProbOf(logParts) };
    },
    logProb: (value) => logProbOf(tf.log(tf.maximum(value, SMALLEST))),
  };
}

/**
 * The family of relaxed one-hot categorical distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.relaxedOneHotCategoricalFamily.support, "simplex");
 * ```
 */
export const relaxedOneHotCategoricalFamily: Family<
  RelaxedOneHotCategorical,
  "logits" | "temperature"
> = {
  name: "relaxedOneHotCategorical",
  parameters: {
    logits: "real",
    temperature: { domain: "positive", shape: (event) => event.map(() => 1) },
  },
  support: "simplex",
  make: relaxedOneHotCategorical,
};
