/**
 * The closed forms of KL(q ‖ p) that Elbo knows.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { sumOverEvent } from "../../core/distribution.ts";
import { type ClosedForm, closedForm, type ClosedFormValue } from "../../core/divergence.ts";
import { normalKl } from "../../core/operations/normal_kl.ts";
import type { Tensor } from "../../core/types.ts";
import { isLaplace, type Laplace } from "../distributions/laplace.ts";
import { isLowRankNormal, type LowRankNormal } from "../distributions/low_rank_normal.ts";
import {
  isMultivariateNormal,
  type MultivariateNormal,
} from "../distributions/multivariate_normal.ts";
import {
  isOneHotCategorical,
  type OneHotCategorical,
} from "../distributions/one_hot_categorical.ts";
import { isLogisticNormal, type LogisticNormal } from "../distributions/logistic_normal.ts";
import { isNormal, type Normal } from "../distributions/normal.ts";
import { isStandardNormal, type StandardNormal } from "../distributions/standard_normal.ts";

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
  nats: ({ mean, scale, event }) => {
    const [factors, nats] = normalKl(mean, scale, event);
    return { nats, factors };
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
    const factors = tf.mul(tf.sub(tf.sub(moments, 1), tf.mul(tf.log(ratio), 2)), 0.5);
    return { nats: sumOverEvent(factors, q.event), factors };
  },
});

/**
 * KL(Cat(π) ‖ Cat(ρ)) = Σ π (log π − log ρ), of one-hot vectors.
 *
 * @example
 * ```ts
 * import { distributions, divergences } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.oneHotCategorical({ logits: tf.tensor2d([[1000, 0]]) });
 *   const p = distributions.oneHotCategorical({ logits: tf.zeros([1, 2]) });
 *   const [nats] = divergences.categoricalCategorical.evaluate(q, p).nats.dataSync();
 *   assert(Math.abs(nats! - Math.log(2)) < 1e-6);
 * });
 * ```
 */
export const categoricalCategorical: ClosedForm<OneHotCategorical, OneHotCategorical> = closedForm({
  name: "categoricalCategorical",
  q: isOneHotCategorical,
  p: isOneHotCategorical,
  nats: (q, p) => {
    const ratio = tf.sub(tf.logSoftmax(q.logits), tf.logSoftmax(p.logits));
    return { nats: sumOverEvent(tf.mul(q.probabilities, ratio), q.event) };
  },
});

/**
 * KL(Laplace(μ, b) ‖ Laplace(m, c)) = Σ log (c/b) + b/c·(exp(−δ) + δ) − 1, with δ = |μ − m|/b.
 *
 * Written as the sum of two parts, neither of which is negative: how far apart the scales are, and
 * how far apart the locations.
 *
 * @example
 * ```ts
 * import { distributions, divergences } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.laplace({ location: tf.zeros([1, 1]), scale: tf.fill([1, 1], 2) });
 *   const p = distributions.laplace({ location: tf.zeros([1, 1]), scale: tf.ones([1, 1]) });
 *   const [nats] = divergences.laplaceLaplace.evaluate(q, p).nats.dataSync();
 *   assert(Math.abs(nats! - (1 - Math.log(2))) < 1e-6);
 * });
 * ```
 */
export const laplaceLaplace: ClosedForm<Laplace, Laplace> = closedForm({
  name: "laplaceLaplace",
  q: isLaplace,
  p: isLaplace,
  nats: (q, p) => {
    const ratio = tf.div(q.scale, p.scale);
    const distance = tf.div(tf.abs(tf.sub(q.location, p.location)), q.scale);
    const ofScales = tf.sub(tf.sub(ratio, 1), tf.log(ratio));
    const ofLocations = tf.mul(ratio, tf.add(tf.expm1(tf.neg(distance)), distance));
    const factors = tf.add(ofScales, ofLocations);
    return { nats: sumOverEvent(factors, q.event), factors };
  },
});

/** ½ (Σ (μ² + Var) − K − log |Σ|), of normals whose elements depend on each other. */
function fromStandardNormal(
  { mean, variance, event }: MultivariateNormal | LowRankNormal,
  logDeterminant: Tensor,
): ClosedFormValue {
  const moments = tf.sub(tf.add(tf.square(mean), variance), 1);
  return { nats: tf.mul(tf.sub(sumOverEvent(moments, event), logDeterminant), 0.5) };
}

/**
 * KL(N(μ, L·Lᵀ) ‖ N(0, I)) = ½ (‖L‖² + ‖μ‖² − K) − Σ log Lᵢᵢ.
 *
 * @example
 * ```ts
 * import { distributions, divergences } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const cholesky = tf.tensor3d([[[1, 0], [3, 1]]]);
 *   const q = distributions.multivariateNormal({ mean: tf.zeros([1, 2]), cholesky });
 *   const p = distributions.standardNormal({ event: [2] });
 *   const { nats } = divergences.multivariateNormalStandardNormal.evaluate(q, p);
 *   assert.deepEqual(nats.arraySync(), [4.5]);
 * });
 * ```
 */
export const multivariateNormalStandardNormal: ClosedForm<MultivariateNormal, StandardNormal> =
  closedForm({
    name: "multivariateNormalStandardNormal",
    q: isMultivariateNormal,
    p: isStandardNormal,
    nats: (q) => fromStandardNormal(q, tf.mul(tf.sum(tf.log(q.diagonal), 1), 2)),
  });

/**
 * KL(N(μ, Σ) ‖ N(0, I)) = ½ (tr Σ + ‖μ‖² − K − log |Σ|), with Σ = diag σ² + W·Wᵀ.
 *
 * @example
 * ```ts
 * import { distributions, divergences } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const mean = tf.tensor2d([[2, 0]]), scale = tf.ones([1, 2]), factor = tf.zeros([1, 2, 1]);
 *   const q = distributions.lowRankNormal({ mean, scale, factor });
 *   const p = distributions.standardNormal({ event: [2] });
 *   const { nats } = divergences.lowRankNormalStandardNormal.evaluate(q, p);
 *   assert.deepEqual(nats.arraySync(), [2]);
 * });
 * ```
 */
export const lowRankNormalStandardNormal: ClosedForm<LowRankNormal, StandardNormal> = closedForm({
  name: "lowRankNormalStandardNormal",
  q: isLowRankNormal,
  p: isStandardNormal,
  nats: (q) => fromStandardNormal(q, q.logDeterminant),
});

/**
 * The KL of two logistic normals is that of the normals that their softmax is taken of, as a
 * bijection changes no KL. It is a sum over K − 1 coordinates, not over the K parts.
 *
 * @example
 * ```ts
 * import { distributions, divergences } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const scale = tf.ones([1, 2]);
 *   const q = distributions.logisticNormal({ location: tf.tensor2d([[2, 0]]), scale });
 *   const p = distributions.logisticNormal({ location: tf.zeros([1, 2]), scale });
 *   const { nats } = divergences.logisticNormalLogisticNormal.evaluate(q, p);
 *   assert.deepEqual(nats.arraySync(), [2]);
 * });
 * ```
 */
export const logisticNormalLogisticNormal: ClosedForm<LogisticNormal, LogisticNormal> = closedForm({
  name: "logisticNormalLogisticNormal",
  q: isLogisticNormal,
  p: isLogisticNormal,
  nats: (q, p) => ({ nats: normalNormal.evaluate(q.base, p.base).nats }),
});
