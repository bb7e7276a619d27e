/**
 * p(x|z) = ∏ Categorical(x | softmax ℓ(z)), for the codes of classes.
 *
 * @module
 */
import { outOfRange } from "../../core/errors.ts";
import type { Likelihood } from "../../core/likelihood.ts";
import type { Shape } from "../../core/types.ts";
import {
  type Categorical,
  categorical as categoricalDistribution,
} from "../distributions/categorical.ts";

/** What the categorical likelihood wants from the decoder. */
export type CategoricalHeads = {
  /** ℓ `[…D, C]`. */
  readonly logits: Shape;
};

/** Options of {@linkcode categorical}. */
export interface CategoricalOptions {
  /** C, the number of classes: their codes are 0 … C − 1. */
  readonly categories: number;
}

/**
 * A likelihood for classes that have no order: p(x|z) = ∏ Categorical(x | softmax ℓ(z)). Data with
 * the code of a class that it does not have are refused.
 *
 * @param options The number of classes.
 * @throws {RangeError} If there are fewer than two classes.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const likelihood = likelihoods.categorical({ categories: 5 });
 * assert.deepEqual(likelihood.heads([3]), { logits: [3, 5] });
 * ```
 */
export function categorical(
  { categories }: CategoricalOptions,
): Likelihood<CategoricalHeads, "category", Categorical> {
  if (!Number.isInteger(categories) || categories < 2) {
    const requirement = "'categories' must be an integer of at least 2";
    throw outOfRange("build likelihood", requirement, categories);
  }
  return {
    kind: "likelihood",
    name: "categorical",
    options: { categories },
    support: "category",
    categories,
    heads: (event) => ({ logits: [...event, categories] }),
    build: () => ({ logits }) => categoricalDistribution({ logits }),
  };
}
