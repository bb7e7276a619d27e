/**
 * KL(q(z|x) ‖ p(z)) in closed form only: a pair without one does not compile.
 *
 * @module
 */
import type { Distribution } from "../../core/distribution.ts";
import { type ClosedForm, closedFormTerm, type Divergence } from "../../core/divergence.ts";
import { wrongType } from "../../core/errors.ts";
import { requirePlugin } from "../../core/plugin.ts";
import type { Normal } from "../distributions/normal.ts";
import { normalNormal } from "./closed_forms.ts";

/** Options of {@linkcode closedFormKl}. */
export interface ClosedFormKlOptions<Q extends Distribution, P extends Distribution> {
  /** The closed form to use. */
  readonly closedForm: ClosedForm<Q, P>;
}

/**
 * The Kullback–Leibler divergence of a normal posterior from a normal prior, in closed form.
 *
 * @example
 * ```ts
 * import { divergences } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(divergences.closedFormKl().name, "closedFormKl");
 * ```
 */
export function closedFormKl(): Divergence<Normal, Normal>;
/**
 * The Kullback–Leibler divergence of one pair of families, in the closed form that is given.
 *
 * @param options The closed form.
 * @throws {TypeError} If it is none; when the model is made, if it is for another pair.
 *
 * @example
 * ```ts
 * import { divergences } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { closedFormKl, laplaceLaplace } = divergences;
 * assert.equal(closedFormKl({ closedForm: laplaceLaplace }).isKl, true);
 * ```
 */
export function closedFormKl<Q extends Distribution, P extends Distribution>(
  options: ClosedFormKlOptions<Q, P>,
): Divergence<Q, P>;
export function closedFormKl(
  { closedForm }: ClosedFormKlOptions<never, never> = { closedForm: normalNormal },
): Divergence<Distribution, Distribution> {
  requirePlugin("build divergence", "closedForm", "closed form", closedForm);
  return {
    kind: "divergence",
    name: "closedFormKl",
    options: { closedForm },
    isKl: true,
    estimate: ({ posterior, prior }) => {
      const value = closedForm.attempt(posterior, prior);
      if (value === undefined) {
        throw wrongType(
          "compute the KL in closed form",
          `'${closedForm.name}' must be made for the posterior and the prior`,
          [posterior.family, prior.family],
        );
      }
      return [closedFormTerm(value)];
    },
  };
}
