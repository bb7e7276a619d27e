/**
 * A prior that is a mixture of the model's own posteriors, at C learned pseudo-inputs.
 *
 * p(z) = 1/C Σ_c q(z | u_c)
 * Tomczak and Welling, "VAE with a VampPrior", arXiv:1705.07120, eq. 9.
 *
 * @module
 */
import { initializers, type Prior } from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { type Mixture, mixture } from "./mixture_prior.ts";

/** A mixture of C posteriors of the model, all of the same weight, put together by `combine`. */
export function vampPrior(
  { components }: { readonly components: number },
  combine: typeof mixture = mixture,
): Prior<Mixture> {
  return {
    kind: "prior",
    name: "vampPrior",
    options: { components },
    build: (scope) => {
      const shape = [components, ...scope.data];
      const pseudoInputs = scope.weight("pseudoInputs", shape, initializers.glorotUniform);
      return ({ training, progress }) =>
        combine(
          scope.infer(pseudoInputs(), { training, progress }),
          tf.fill([components], -Math.log(components)),
        );
    },
  };
}
