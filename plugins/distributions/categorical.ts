/**
 * The categorical distribution over the codes 0 … C − 1 of classes, independent over the elements of
 * its event.
 *
 * log p(x) = ℓₓ − log Σ_c exp ℓ_c
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import {
  type Distribution,
  type Factorized,
  sumOverEvent,
  type WithPrediction,
} from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import { lazily } from "../../core/tidy.ts";
import { sizeOf, type Tensor } from "../../core/types.ts";
import { gumbelNoise } from "./_gumbel_noise.ts";

/** B categorical distributions over C classes, independent over the elements of their event. */
export interface Categorical extends Factorized<"categorical">, WithPrediction<"categorical"> {
  /** It is a probability of codes. */
  readonly domain: "discrete";
  /** No gradient passes through a draw. */
  readonly reparameterized: false;
  /** ℓ `[B, …event, C]`. */
  readonly logits: Tensor;
  /** softmax ℓ `[B, …event, C]`. */
  readonly probabilities: Tensor;
  /** The code of the most probable class `[B, …event]`. */
  readonly prediction: Tensor;
}

/**
 * Whether a distribution is categorical over codes.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   assert(distributions.isCategorical(distributions.categorical({ logits: tf.zeros([1, 3]) })));
 *   assert(!distributions.isCategorical(distributions.bernoulli({ logits: tf.zeros([1, 3]) })));
 * });
 * ```
 */
export function isCategorical(distribution: Distribution): distribution is Categorical {
  return distribution.family === "categorical";
}

/**
 * The categorical distribution with the given logits. What is no code from 0 to C − 1 has the
 * log-probability −∞. It has no mean, since codes are no quantities.
 *
 * @param parameters ℓ `[B, …event, C]`, known up to a constant along the last axis.
 * @returns B distributions over codes of the shape of the event.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const die = distributions.categorical({ logits: tf.zeros([1, 6]) });
 *   const [nats] = die.logProb(tf.tensor2d([[5]])).dataSync();
 *   assert.deepEqual(die.event, []);
 *   assert(Math.abs(nats! - Math.log(1 / 6)) < 1e-6);
 * });
 * ```
 */
export function categorical({ logits }: { readonly logits: Tensor }): Categorical {
  const classes = logits.shape.at(-1)!;
  const [batch, ...event] = logits.shape.slice(0, -1) as [number, ...number[]];
  const size = sizeOf(event);
  // Few axes, however many the event has: [1, B, size, C].
  const logProbabilities = lazily(() =>
    tf.logSoftmax(tf.reshape(logits, [1, batch, size, classes]))
  );
  const probabilities = lazily(() => tf.softmax(logits));
  const prediction = lazily(() => tf.cast(tf.argMax(logits, -1), "float32"));

  const logDensities = (value: Tensor): Tensor => {
    const [samples, rows] = value.shape as [number, number];
    const codes = tf.tensor1d(Array.from({ length: classes }, (_, code) => code));
    const named = tf.equal(tf.reshape(value, [samples, rows, size, 1]), codes);
    const chosen = tf.cast(named, "float32");
    const outside = tf.log(tf.sum(chosen, -1)); // 0, or −∞ where no class has that code.
    const densities = tf.add(tf.sum(tf.mul(chosen, logProbabilities()), -1), outside);
    return tf.reshape(densities, [samples, Math.max(rows, batch), ...event]);
  };
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);

  return {
    family: "categorical",
    domain: "discrete",
    reparameterized: false,
    batch,
    event,
    logits,
    get probabilities() {
      return probabilities();
    },
    get prediction() {
      return prediction();
    },
    draw: (seed, samples = 1) => {
      const noise = gumbelNoise(seed, [samples, batch, size, classes]);
      const codes = tf.argMax(stopGradient(tf.add(logProbabilities(), noise)), -1);
      const value = tf.reshape(tf.cast(codes, "float32"), [samples, batch, ...event]);
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

/**
 * The family of categorical distributions over some number of classes, as the laws are told of it.
 *
 * @param options C, the number of classes.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.categoricalFamily({ categories: 4 }).support, "category");
 * ```
 */
export function categoricalFamily(
  { categories }: { readonly categories: number },
): Family<Categorical, "logits"> {
  return {
    name: "categorical",
    parameters: { logits: { domain: "real", shape: (event) => [...event, categories] } },
    support: "category",
    make: categorical,
  };
}
