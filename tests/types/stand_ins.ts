/**
 * Plugins as a third party would write them, out of the public names alone: what the contracts
 * have to carry although Elbo does not have them.
 *
 * A stand-in has a body where the body is what must compile; the others are declared. This file is
 * type-checked and never run.
 *
 * @module
 */
import {
  distributions,
  type Factorized,
  type Heads,
  type Likelihood,
  type Network,
  type Shape,
  type Support,
} from "../../mod.ts";

/** A network for one head, whatever is asked of it. */
export declare function onlyLogits(): Network<{ readonly logits: Shape }>;

/** Wraps a likelihood that can do without some entries, so one with a density for each. */
export function missing<H extends Heads, S extends Support, X extends Factorized>(
  { likelihood }: { readonly likelihood: Likelihood<H, S, X> },
): Likelihood<H, S, distributions.Masked<X>> {
  return {
    ...likelihood,
    name: "missing",
    options: { likelihood },
    build: (scope) => {
      const built = likelihood.build(scope);
      return (outputs, context) =>
        distributions.masked({ distribution: built(outputs, context), mask: context.mask! });
    },
  };
}

/** A likelihood that has no density for each entry. */
export declare function correlatedNormal(): Likelihood<
  { readonly mean: Shape },
  "real",
  distributions.MultivariateNormal
>;
