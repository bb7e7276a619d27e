/**
 * Every class is equally probable: p(z) = 1 / C for one-hot z, or its relaxation at a temperature.
 *
 * With a temperature it is the Concrete distribution with equal logits: Maddison, Mnih and Teh, "The
 * Concrete distribution", arXiv:1611.00712, appendix C, where prior and posterior have temperatures
 * of their own.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { requireNumber } from "../../core/errors.ts";
import type { Prior } from "../../core/prior.ts";
import { checked, type Schedule } from "../../core/schedule.ts";
import { type OneHotCategorical, oneHotCategorical } from "../distributions/one_hot_categorical.ts";
import {
  type RelaxedOneHotCategorical,
  relaxedOneHotCategorical,
} from "../distributions/relaxed_one_hot_categorical.ts";

/** Options of {@linkcode uniformCategorical} on the simplex. */
export interface UniformCategoricalOptions {
  /** λ of the prior, a positive number or a schedule of them; the posterior has its own. */
  readonly temperature: number | Schedule;
}

/**
 * The prior under which all one-hot vectors of a latent `[…K, C]` are equally probable: what
 * belongs to a posterior with straight-through draws.
 *
 * @throws {RangeError} If the temperature is not positive.
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(priors.uniformCategorical().options, {});
 * assert.throws(
 *   () => priors.uniformCategorical({ temperature: 0 }),
 *   /'temperature' must be a positive number/,
 * );
 * ```
 */
export function uniformCategorical(
  options?: { readonly temperature?: undefined },
): Prior<OneHotCategorical>;
/** Its relaxation at some temperature: what belongs to a posterior with relaxed draws. */
export function uniformCategorical(
  options: UniformCategoricalOptions,
): Prior<RelaxedOneHotCategorical>;
export function uniformCategorical(
  { temperature }: { readonly temperature?: number | Schedule | undefined } = {},
): Prior<OneHotCategorical> | Prior<RelaxedOneHotCategorical> {
  const plugin = { kind: "prior", name: "uniformCategorical" } as const;
  if (temperature === undefined) {
    return {
      ...plugin,
      options: {},
      build: ({ latent }) => () => oneHotCategorical({ logits: tf.zeros([1, ...latent]) }),
    };
  }
  const temperatureAt = checked(
    temperature,
    (value) => requireNumber("relax prior", "temperature", value, { minimum: 0, open: true }),
  );
  return {
    ...plugin,
    options: { temperature },
    build: ({ latent }) => ({ progress }) =>
      relaxedOneHotCategorical({
        logits: tf.zeros([1, ...latent]),
        temperature: temperatureAt(progress),
      }),
  };
}
