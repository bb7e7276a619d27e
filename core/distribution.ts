/**
 * The contract of a distribution: draws, densities, and what it says about itself.
 *
 * @module
 */
import { tf } from "./deps.ts";
import type { Seed } from "./random.ts";
import type { Shape, Tensor } from "./types.ts";

/** A draw, which shares work between the value and its density. */
export interface Draw {
  /** The drawn values `[S, B, …event]`. */
  readonly value: Tensor;
  /** The log-density of the draw `[S, B]`, in nats. */
  readonly logProb: () => Tensor;
}

/**
 * What the density is a density on; `"mixed"` where its elements differ in that. A posterior and a
 * prior have to agree on it.
 */
export type Domain = "real" | "positive" | "unit" | "simplex" | "sphere" | "discrete" | "mixed";

/** A batch of B distributions over events of one shape. */
export interface Distribution<Family extends string = string> {
  /** The name of its family, for instance `"normal"`. */
  readonly family: Family;
  /** What its density is a density on. */
  readonly domain: Domain;
  /** Whether a gradient passes through `draw().value`. */
  readonly reparameterized: boolean;
  /**
   * Whether its density can only be estimated: `logProb` then wants a seed, and is below the true
   * log-density in expectation. Such a prior leaves the ELBO a lower bound.
   */
  readonly estimated?: boolean;
  /** B, the number of distributions; 1 broadcasts. */
  readonly batch: number;
  /** The shape of one event. */
  readonly event: Shape;
  /** Draws `samples` times (1 unless told) from each of the B distributions: `[S, B, …event]`. */
  readonly draw: (seed: Seed, samples?: number) => Draw;
  /**
   * The log-density of values `[S or 1, B or 1, …event]`: `[S, B]`, in nats. The seed is for
   * families whose density can only be estimated.
   */
  readonly logProb: (value: Tensor, seed?: Seed) => Tensor;
}

/** A distribution whose event elements are independent: what masks and free bits need. */
export interface Factorized<Family extends string = string> extends Distribution<Family> {
  /** The log-density of every element on its own `[S, B, …event]`, in nats. */
  readonly logDensities: (value: Tensor) => Tensor;
}

/** A distribution through whose draws a gradient passes. */
export type Reparameterized = Distribution & { readonly reparameterized: true };

/** A distribution that knows its mean. */
export interface WithMean<Family extends string = string> extends Distribution<Family> {
  /** The mean `[B, …event]`. */
  readonly mean: Tensor;
}

/**
 * A distribution that knows the best single guess of each element: the mean of a quantity, and the
 * most probable code of a class, of which there is no mean.
 */
export interface WithPrediction<Family extends string = string> extends Distribution<Family> {
  /** The guess `[B, …event]`. */
  readonly prediction: Tensor;
}

/** A distribution that knows its variance. */
export interface WithVariance<Family extends string = string> extends Distribution<Family> {
  /** The variance of every element `[B, …event]`. */
  readonly variance: Tensor;
}

/**
 * Nothing where a prior of type `P` can stand opposite a posterior of type `Q`; otherwise a type
 * that nothing fits, whose text says why. Priors of unknown domain wait for the run-time check.
 */
export type SameDomain<Q extends Distribution, P extends Distribution> = [
  Extract<P["domain"], Q["domain"]>,
] extends [never]
  ? { error: `a prior on '${P["domain"]}' cannot match a posterior on '${Q["domain"]}'` }
  : unknown;

/**
 * Whether the event elements of a distribution are independent.
 *
 * @example
 * ```ts
 * import { distributions, isFactorized } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const coins = distributions.bernoulli({ logits: tf.zeros([1, 3]) });
 *   assert(isFactorized(coins));
 *   assert.deepEqual(coins.logDensities(tf.ones([1, 1, 3])).shape, [1, 1, 3]);
 * });
 * ```
 */
export function isFactorized(distribution: Distribution): distribution is Factorized {
  return "logDensities" in distribution;
}

/**
 * Whether a distribution knows its mean.
 *
 * @example
 * ```ts
 * import { distributions, hasMean } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const coins = distributions.bernoulli({ logits: tf.zeros([1, 3]) });
 *   assert(hasMean(coins));
 *   assert.deepEqual(coins.mean.arraySync(), [[0.5, 0.5, 0.5]]);
 * });
 * ```
 */
export function hasMean(distribution: Distribution): distribution is WithMean {
  return "mean" in distribution;
}

/**
 * The best single guess of each element `[B, …event]`: the `prediction` of a distribution that has
 * one, and else its mean, if it knows that.
 *
 * @example
 * ```ts
 * import { distributions, predictionOf } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const job = distributions.categorical({ logits: tf.tensor2d([[0, 2, 1]]) });
 *   assert.deepEqual(predictionOf(job)!.arraySync(), [1]);
 *   const coins = distributions.bernoulli({ logits: tf.zeros([1, 2]) });
 *   assert.deepEqual(predictionOf(coins)!.arraySync(), [[0.5, 0.5]]);
 * });
 * ```
 */
export function predictionOf(distribution: Distribution): Tensor | undefined {
  if ("prediction" in distribution) return (distribution as WithPrediction).prediction;
  return hasMean(distribution) ? distribution.mean : undefined;
}

/**
 * Whether a distribution knows its variance.
 *
 * @example
 * ```ts
 * import { distributions, hasVariance } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const coins = distributions.bernoulli({ logits: tf.zeros([1, 3]) });
 *   assert(hasVariance(coins));
 *   assert.deepEqual(coins.variance.arraySync(), [[0.25, 0.25, 0.25]]);
 * });
 * ```
 */
export function hasVariance(distribution: Distribution): distribution is WithVariance {
  return "variance" in distribution;
}

/**
 * Sums densities over the axes of the event, never averages: `[S, B, …event]` → `[S, B]`.
 *
 * @param densities One log-density for each element `[S, B, …event]`, in nats.
 * @param event The shape of the event.
 *
 * @example
 * ```ts
 * import { sumOverEvent } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const densities = tf.ones([5, 2, 28, 28]);
 *   assert.deepEqual(sumOverEvent(densities, [28, 28]).shape, [5, 2]);
 * });
 * ```
 */
export function sumOverEvent(densities: Tensor, event: Shape): Tensor {
  if (event.length === 0) return densities;
  return tf.sum(
    densities,
    event.map((_, axis) => densities.rank - event.length + axis),
  );
}
