/**
 * The standard normal distribution N(0, I).
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import type { Shape } from "../../core/types.ts";
import { isNormal, type Normal, normal } from "./normal.ts";

/** One standard normal distribution: mean 0 and scale 1, shared by the whole batch. */
export interface StandardNormal extends Normal {
  /** Tells it from a normal whose mean and scale happen to be 0 and 1. */
  readonly standard: true;
}

/**
 * Whether a distribution is the standard normal one.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const other = distributions.normal({ mean: tf.zeros([1, 2]), scale: tf.ones([1, 2]) });
 *   assert(!distributions.isStandardNormal(other)); // It only happens to be one.
 * });
 * ```
 */
export function isStandardNormal(distribution: Distribution): distribution is StandardNormal {
  return isNormal(distribution) && "standard" in distribution;
}

/**
 * The standard normal distribution over events of some shape.
 *
 * @param options The shape of one event.
 * @returns One distribution (B = 1).
 *
 * @example
 * ```ts
 * import { distributions, seed } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const noise = distributions.standardNormal({ event: [2] }).draw(seed(1), 5);
 *   assert.deepEqual(noise.value.shape, [5, 1, 2]);
 * });
 * ```
 */
export function standardNormal(options: { readonly event: Shape }): StandardNormal {
  const shape = [1, ...options.event];
  const base = normal({ mean: tf.zeros(shape), scale: tf.ones(shape) });
  return Object.assign(base, { standard: true as const }); // A spread would make its lazy tensors.
}

/**
 * The family of the one standard normal distribution, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.standardNormalFamily.support, "real");
 * ```
 */
export const standardNormalFamily: Family<StandardNormal, never> = {
  name: "normal",
  parameters: {},
  support: "real",
  make: (_, event) => standardNormal({ event }),
};
