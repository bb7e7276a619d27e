/**
 * What mixtures of whole events and of single elements have in common.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { type Distribution, hasMean, hasVariance } from "../../core/distribution.ts";
import type { Seed } from "../../core/random.ts";
import { lazily } from "../../core/tidy.ts";
import type { Shape, Tensor } from "../../core/types.ts";
import { gumbelNoise } from "./_gumbel_noise.ts";

/**
 * Chooses a component with probability softmax(ℓ): that with the largest ℓ + Gumbel noise.
 *
 * @param logits ℓ, which broadcasts to the shape.
 * @param shape The shape of the answer; its last axis is that of the components.
 * @returns Whether a component was chosen, as booleans.
 */
export function choose(seed: Seed, logits: Tensor, shape: Shape): Tensor {
  const largest = tf.argMax(tf.add(logits, gumbelNoise(seed, shape)), -1);
  return tf.cast(tf.oneHot(largest, shape.at(-1)!), "bool");
}

/** The moments that a mixture has, as members to be defined on it. */
export type Moments = { readonly [name in "mean" | "variance"]?: PropertyDescriptor };

/** How the moments of the components become those of the mixture. */
export interface Mixing {
  /** w, where it broadcasts to the arranged moments. */
  readonly weights: () => Tensor;
  /** The axis of the components in the arranged moments. */
  readonly axis: number;
  /** A moment of the components, with an axis for these. */
  readonly arrange: (moment: Tensor) => Tensor;
  /** A moment of the mixture in its final shape. */
  readonly finish: (moment: Tensor) => Tensor;
}

/** E[x] = Σ w μ and Var[x] = Σ w (σ² + (μ − E[x])²), as far as the components have them. */
export function momentsOf(
  components: Distribution,
  { weights, axis, arrange, finish }: Mixing,
): Moments {
  if (!hasMean(components)) return {};
  const mix = (moment: Tensor, keep = false): Tensor =>
    tf.sum(tf.mul(weights(), moment), axis, keep);
  const member = (make: () => Tensor): PropertyDescriptor => ({
    get: lazily(make),
    enumerable: true,
  });
  const mean = member(() => finish(mix(arrange(components.mean))));
  if (!hasVariance(components)) return { mean };
  const variance = member(() => {
    const means = arrange(components.mean);
    const within = arrange(components.variance);
    return finish(mix(tf.add(within, tf.squaredDifference(means, mix(means, true)))));
  });
  return { mean, variance };
}
