/**
 * The closed forms of KL(q ‖ p) that Elbo knows.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { sumOverEvent } from "../../core/distribution.ts";
import { type ClosedForm, closedForm } from "../../core/divergence.ts";
import type { Tensor } from "../../core/types.ts";
import { isNormal, type Normal } from "../distributions/normal.ts";
import { isStandardNormal, type StandardNormal } from "../distributions/standard_normal.ts";

/** The total over the latent elements of `[B, …K]`, beside the elements themselves. */
function total(factors: Tensor, normal: Normal): { nats: Tensor; factors: Tensor } {
  return { nats: sumOverEvent(factors, normal.event), factors };
}

/**
 * KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (μ² + σ² − 1 − log σ²).
 *
 * Kingma and Welling, arXiv:1312.6114, appendix B.
 *
 * @example
 * ```ts
 * import { distributions, divergences } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.normal({ mean: tf.tensor2d([[2]]), scale: tf.ones([1, 1]) });
 *   const p = distributions.standardNormal({ event: [1] });
 *   const { nats } = divergences.normalStandardNormal.evaluate(q, p);
 *   assert.deepEqual(nats.arraySync(), [2]);
 * });
 * ```
 */
export const normalStandardNormal: ClosedForm<Normal, StandardNormal> = closedForm({
  name: "normalStandardNormal",
  q: isNormal,
  p: isStandardNormal,
  nats: (q) => {
    const { mean, scale } = q;
    const moments = tf.add(tf.square(mean), tf.square(scale));
    return total(tf.mul(tf.sub(tf.sub(moments, 1), tf.mul(tf.log(scale), 2)), 0.5), q);
  },
});

/**
 * KL(N(μ, σ²) ‖ N(m, s²)) = ½ Σ ((σ/s)² + ((μ − m)/s)² − 1 − log (σ/s)²).
 *
 * @example
 * ```ts
 * import { distributions, divergences } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.normal({ mean: tf.tensor2d([[2]]), scale: tf.ones([1, 1]) });
 *   const p = distributions.normal({ mean: tf.tensor2d([[4]]), scale: tf.ones([1, 1]) });
 *   assert.deepEqual(divergences.normalNormal.evaluate(q, p).nats.arraySync(), [2]);
 * });
 * ```
 */
export const normalNormal: ClosedForm<Normal, Normal> = closedForm({
  name: "normalNormal",
  q: isNormal,
  p: isNormal,
  nats: (q, p) => {
    const ratio = tf.div(q.scale, p.scale);
    const distance = tf.div(tf.sub(q.mean, p.mean), p.scale);
    const moments = tf.add(tf.square(distance), tf.square(ratio));
    return total(tf.mul(tf.sub(tf.sub(moments, 1), tf.mul(tf.log(ratio), 2)), 0.5), q);
  },
});
