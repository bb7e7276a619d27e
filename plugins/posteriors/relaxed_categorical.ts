/**
 * q(z|x) = ∏ Concrete(softmax ℓ(x), λ): latents that are nearly classes.
 *
 * Maddison, Mnih and Teh, "The Concrete distribution", arXiv:1611.00712; Jang, Gu and Poole,
 * "Categorical reparameterization with Gumbel-softmax", arXiv:1611.01144.
 *
 * @module
 */
import { requireBoolean, requireNumber, wrongType } from "../../core/errors.ts";
import type { Posterior } from "../../core/posterior.ts";
import { checked, type Schedule } from "../../core/schedule.ts";
import type { Shape } from "../../core/types.ts";
import {
  oneHotCategorical,
  type StraightThroughCategorical,
} from "../distributions/one_hot_categorical.ts";
import {
  type RelaxedOneHotCategorical,
  relaxedOneHotCategorical,
} from "../distributions/relaxed_one_hot_categorical.ts";

/** What the relaxed categorical posterior wants from the encoder. */
export type RelaxedCategoricalHeads = {
  /** ℓ `[…K, C]`. */
  readonly logits: Shape;
};

/** Options of {@linkcode relaxedCategorical} with relaxed draws. */
export interface RelaxedCategoricalOptions {
  /** λ, a positive number or a schedule of them. */
  readonly temperature: number | Schedule;
  /**
   * Draws lie inside the simplex, and q(z|x) is a density there.
   * @default false
   */
  readonly straightThrough?: false;
}

/** Options of {@linkcode relaxedCategorical} with one-hot draws. */
export interface StraightThroughOptions {
  /** λ of the gradient, a positive number or a schedule of them. */
  readonly temperature: number | Schedule;
  /**
   * Draws are one-hot, and q(z|x) is the probability of the classes: an honest posterior over them.
   * Their gradient is that of relaxed draws, which is biased.
   */
  readonly straightThrough: true;
}

/**
 * A posterior for latents `[…K, C]`: K categorical latents of C classes each, as vectors.
 *
 * @param options The temperature, and whether draws are one-hot.
 * @throws {RangeError} If the temperature is not positive.
 * @throws {TypeError} When the model is made: if there are fewer than two classes.
 *
 * @example
 * ```ts
 * import { posteriors, schedules } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const temperature = schedules.linear({ from: 1, to: 0.5, steps: 10_000 });
 * const posterior = posteriors.relaxedCategorical({ temperature });
 * assert.deepEqual(posterior.heads([8, 10]), { logits: [8, 10] });
 * ```
 */
export function relaxedCategorical(
  options: RelaxedCategoricalOptions,
): Posterior<RelaxedCategoricalHeads, RelaxedOneHotCategorical>;
/** A posterior whose draws are one-hot, and pass on the gradient of relaxed ones. */
export function relaxedCategorical(
  options: StraightThroughOptions,
): Posterior<RelaxedCategoricalHeads, StraightThroughCategorical>;
export function relaxedCategorical(
  { temperature, straightThrough = false }: RelaxedCategoricalOptions | StraightThroughOptions,
):
  | Posterior<RelaxedCategoricalHeads, RelaxedOneHotCategorical>
  | Posterior<RelaxedCategoricalHeads, StraightThroughCategorical> {
  const temperatureAt = checked(
    temperature,
    (value) => requireNumber("relax posterior", "temperature", value, { minimum: 0, open: true }),
  );
  requireBoolean("build posterior", "straightThrough", straightThrough);
  const plugin = {
    kind: "posterior",
    name: "relaxedCategorical",
    options: { temperature, straightThrough },
    heads: (latent: Shape) => {
      if ((latent.at(-1) ?? 0) >= 2) return { logits: latent };
      const requirement = "a latent of classes must have shape […, C] with C of at least 2";
      throw wrongType("build posterior 'relaxedCategorical'", requirement, latent);
    },
  } as const;
  if (straightThrough) {
    return {
      ...plugin,
      build: () => ({ logits }, { progress }) =>
        oneHotCategorical({ logits, temperature: temperatureAt(progress) }),
    };
  }
  return {
    ...plugin,
    build: () => ({ logits }, { progress }) =>
      relaxedOneHotCategorical({ logits, temperature: temperatureAt(progress) }),
  };
}
