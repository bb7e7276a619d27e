/**
 * p(z) = N(μ, diag σ²), with μ and σ that the model learns.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { constant, zeros } from "../../core/initializers.ts";
import { rawScaleOf } from "../../core/operations/positive_scale.ts";
import type { Prior } from "../../core/prior.ts";
import { type Normal, normal } from "../distributions/normal.ts";

/** It starts as the standard normal. */
const FIRST_RAW_SCALE = rawScaleOf(1);

/**
 * A normal prior with a mean and a scale for every latent, which are learned: p(z) = N(μ, diag σ²).
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(priors.diagonalNormal().name, "diagonalNormal");
 * ```
 */
export function diagonalNormal(): Prior<Normal> {
  return {
    kind: "prior",
    name: "diagonalNormal",
    options: {},
    build: (scope) => {
      const mean = scope.weight("mean", scope.latent, zeros);
      const rawScale = scope.weight("rawScale", scope.latent, constant(FIRST_RAW_SCALE));
      return () =>
        normal({ mean: tf.expandDims(mean(), 0), rawScale: tf.expandDims(rawScale(), 0) });
    },
  };
}
