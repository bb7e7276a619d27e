/**
 * Elbo's distributions of real numbers, each with a bug.
 *
 * @module
 */
import { tf } from "../../../../core/deps.ts";
import { HALF_LOG_2_PI } from "../../../../core/operations/normal_log_prob.ts";
import { stopGradient } from "../../../../core/operations/stop_gradient.ts";
import { normalNoise, uniformNoise } from "../../../../core/random.ts";
import { sizeOf, type Tensor } from "../../../../core/types.ts";
import * as d from "../../../../plugins/distributions/mod.ts";
import type { Suite } from "../../mutant.ts";
import { type Change, denser, drawn, drawnFrom, familySuite } from "../suites.ts";

/** Normal noise at some location and scale. */
const normalDraws = (q: d.Laplace | d.Logistic | d.StudentT, times = 1): Change =>
  drawn(
    q,
    (seed, shape) => tf.add(q.location, tf.mul(tf.mul(q.scale, times), normalNoise(seed, shape))),
  );

/** (x − μ)/σ. */
const standardized = (x: Tensor, { location, scale }: d.Laplace | d.Logistic | d.StudentT) =>
  tf.div(tf.sub(x, location), scale);

/** On the real numbers. */
export const real: readonly Suite[] = [
  familySuite("distributions.standardNormal", d.standardNormalFamily, {
    "½ log 2π is dropped": (q) => denser(q, () => HALF_LOG_2_PI),
    "draws are uniform, of variance 1": (q) =>
      drawn(q, (seed, shape) => tf.mul(tf.sub(uniformNoise(seed, shape), 0.5), Math.sqrt(12))),
  }),
  familySuite("distributions.multivariateNormal", d.multivariateNormalFamily, {
    "Σ log Lᵢᵢ counts twice, as it would for the covariance": (q) =>
      denser(q, () => tf.neg(tf.sum(tf.log(q.diagonal), 1))),
    "½ log 2π once for an event": (q) => denser(q, () => (sizeOf(q.event) - 1) * HALF_LOG_2_PI),
    "Lᵀ for L in the draws": (q) => {
      const cholesky = tf.transpose(q.cholesky, [0, 2, 1]);
      return drawnFrom(q, d.multivariateNormal({ mean: q.mean, cholesky }));
    },
    "the variance is the diagonal of L": (q) => ({
      variance: tf.reshape(q.diagonal, q.mean.shape),
    }),
  }),
  familySuite("distributions.lowRankNormal", d.lowRankNormalFamily({ rank: 2 }), {
    "|Σ| without its factors": (q) => {
      const logScales = tf.sum(tf.log(tf.reshape(q.scale, [q.batch, -1])), 1);
      return denser(q, () => tf.sub(tf.mul(q.logDeterminant, 0.5), logScales));
    },
    "draws forget the factors": (q) => drawnFrom(q, d.normal({ mean: q.mean, scale: q.scale })),
    "draws with a factor of its own for every element": (q) =>
      drawnFrom(q, d.normal({ mean: q.mean, scale: tf.sqrt(q.variance) })),
    "the variance is σ²": (q) => ({ variance: tf.square(q.scale) }),
  }),
  familySuite("distributions.laplace", d.laplaceFamily, {
    "log b for log 2b": (q) => denser(q, () => Math.LN2),
    "the square for the absolute value": (q) =>
      denser(q, (x) => {
        const size = tf.abs(standardized(x, q));
        return tf.sub(size, tf.square(size));
      }),
    "normal draws of the same variance": (q) => normalDraws(q, Math.SQRT2),
    "the variance is b²": (q) => ({ variance: tf.square(q.scale) }),
    "no gradient by b passes through the draws": (q) =>
      drawnFrom(q, d.laplace({ location: q.location, scale: stopGradient(q.scale) })),
  }),
  familySuite("distributions.logistic", d.logisticFamily, {
    "softplus once, not twice": (q) => denser(q, (x) => tf.softplus(tf.neg(standardized(x, q)))),
    "log s is dropped": (q) => denser(q, () => tf.log(q.scale)),
    "normal draws of the same variance": (q) => normalDraws(q, Math.PI / Math.sqrt(3)),
    "the variance is s²": (q) => ({ variance: tf.square(q.scale) }),
  }),
  familySuite("distributions.studentT", d.studentTFamily, {
    "normal draws": (q) => normalDraws(q),
    "log σ is dropped": (q) => denser(q, () => tf.log(q.scale)),
    "½ log ν is dropped": (q) => denser(q, () => tf.mul(tf.log(q.degreesOfFreedom), 0.5)),
    "the power is ν/2, not (ν + 1)/2": (q) =>
      denser(q, (x) => {
        const ratio = tf.div(tf.square(standardized(x, q)), q.degreesOfFreedom);
        return tf.mul(tf.log1p(ratio), 0.5);
      }),
    "the variance is σ²": (q) => ({ variance: tf.square(q.scale) }),
  }),
];
