/**
 * KL(Cat(π) ‖ Cat(ρ)) of the classes behind two relaxed distributions, with π and ρ their
 * probabilities.
 *
 * What Jang, Gu and Poole, "Categorical reparameterization with Gumbel-softmax", arXiv:1611.01144,
 * train on. It is not the KL of the relaxed densities, so that nothing is bounded: Maddison, Mnih and
 * Teh, "The Concrete distribution", arXiv:1611.00712, appendix C, compare the two.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { sumOverEvent } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import { wrongType } from "../../core/errors.ts";
import { divergenceTerm } from "../../core/ledger.ts";
import {
  isRelaxedOneHotCategorical,
  type RelaxedOneHotCategorical,
} from "../distributions/relaxed_one_hot_categorical.ts";

/**
 * The KL of the classes behind a relaxed posterior and a relaxed prior, whatever their temperatures.
 *
 * `elbo()` and `evaluate` go on to report the true ELBO of such a model, from draws. For the KL of
 * the relaxed densities take `kl`; with straight-through draws `kl` is the KL of the classes.
 *
 * @example
 * ```ts
 * import { divergences } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(divergences.categoricalKl().isKl, false); // Of relaxed densities.
 * ```
 */
export function categoricalKl(): Divergence<RelaxedOneHotCategorical, RelaxedOneHotCategorical> {
  return {
    kind: "divergence",
    name: "categoricalKl",
    options: {},
    isKl: false,
    estimate: ({ posterior: q, prior: p }) => {
      for (const distribution of [q, p]) {
        if (isRelaxedOneHotCategorical(distribution)) continue;
        throw wrongType(
          "compute the KL of classes",
          "posterior and prior must be relaxed categorical",
          (distribution as { readonly family: string }).family,
        );
      }
      const ratio = tf.sub(tf.logSoftmax(q.logits), tf.logSoftmax(p.logits));
      const nats = sumOverEvent(tf.mul(q.probabilities, ratio), q.event);
      return [divergenceTerm("divergence", nats, { estimator: "closed form", samples: 0 })];
    },
  };
}
