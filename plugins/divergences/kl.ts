/**
 * KL(q(z|x) ‖ p(z)): in closed form where there is one, from the draws otherwise.
 *
 * @module
 */
import type { Distribution } from "../../core/distribution.ts";
import {
  type ClosedForm,
  closedFormTerm,
  type Divergence,
  monteCarloKl,
} from "../../core/divergence.ts";
import { wrongType } from "../../core/errors.ts";
import { requirePlugin } from "../../core/plugin.ts";
import {
  categoricalCategorical,
  laplaceLaplace,
  logisticNormalLogisticNormal,
  lowRankNormalStandardNormal,
  multivariateNormalStandardNormal,
  normalNormal,
  normalStandardNormal,
} from "./closed_forms.ts";
import { powerSphericalUniformSphere } from "./power_spherical_uniform_sphere.ts";

/** The closed forms that are tried unless told. */
const CLOSED_FORMS: readonly ClosedForm<never, never>[] = [
  normalStandardNormal,
  normalNormal,
  multivariateNormalStandardNormal,
  lowRankNormalStandardNormal,
  laplaceLaplace,
  categoricalCategorical,
  logisticNormalLogisticNormal,
  powerSphericalUniformSphere,
];

/** Options of {@linkcode kl}. */
export interface KlOptions {
  /**
   * Closed forms, tried in this order; an empty list means Monte Carlo always.
   * @default all that `divergences` has
   */
  readonly closedForms?: readonly ClosedForm<never, never>[];
}

/**
 * The Kullback–Leibler divergence KL(q(z|x) ‖ p(z)): in closed form where there is one for the pair,
 * from the draws otherwise. The ledger says which.
 *
 * @param options The closed forms to try.
 * @throws {TypeError} If they are no list of closed forms.
 *
 * @example
 * ```ts
 * import { divergences } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const sampled = divergences.kl({ closedForms: [] });
 * assert.equal(sampled.isKl, true);
 * ```
 */
export function kl({
  closedForms = CLOSED_FORMS,
}: KlOptions = {}): Divergence<Distribution, Distribution> {
  const action = "build divergence";
  if (!Array.isArray(closedForms)) {
    throw wrongType(action, "'closedForms' must be a list of closed forms", closedForms);
  }
  for (const form of closedForms) requirePlugin(action, "closedForms", "closed form", form);
  return {
    kind: "divergence",
    name: "kl",
    options: { closedForms },
    isKl: true,
    estimate: (given) => {
      for (const form of closedForms) {
        const value = form.attempt(given.posterior, given.prior);
        if (value !== undefined) return [closedFormTerm(value)];
      }
      return [monteCarloKl(given)];
    },
  };
}
