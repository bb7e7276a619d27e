/**
 * Elbo's distributions of classes and counts, each with a bug.
 *
 * @module
 */
import { tf } from "../../../../core/deps.ts";
import { sumOverEvent } from "../../../../core/distribution.ts";
import { logGamma } from "../../../../core/operations/log_gamma.ts";
import { normalNoise } from "../../../../core/random.ts";
import * as d from "../../../../plugins/distributions/mod.ts";
import type { Suite } from "../../mutant.ts";
import { denser, drawn, drawnFrom, familySuite, moved, scored, scoredBy } from "../suites.ts";

/** Of classes and counts. */
export const discrete: readonly Suite[] = [
  familySuite("distributions.categorical", d.categoricalFamily({ categories: 4 }), {
    "logits for log-probabilities": (q) => denser(q, () => tf.logSumExp(q.logits, -1)),
    "draws are the most likely class": (q) =>
      drawn(
        q,
        (_, shape) => tf.broadcastTo(tf.cast(tf.argMax(q.logits, -1), "float32"), [...shape]),
      ),
    "normal noise for Gumbel's": (q) =>
      drawn(q, (seed, shape) => {
        const noisy = tf.add(q.logits, normalNoise(seed, [...shape, 4]));
        return tf.cast(tf.argMax(noisy, -1), "float32");
      }),
  }),
  familySuite("distributions.oneHotCategorical", d.oneHotCategoricalFamily, {
    "logits for log-probabilities": (q) =>
      denser(q, () => sumOverEvent(tf.logSumExp(q.logits, -1), q.event.slice(0, -1))),
    "draws are the most likely class": (q) =>
      drawn(q, (_, shape) => {
        const largest = tf.oneHot(tf.argMax(q.logits, -1), shape.at(-1)!);
        return tf.broadcastTo(tf.cast(largest, "float32"), [...shape]);
      }),
    "draws are probabilities": (q) =>
      drawn(q, (_, shape) => tf.broadcastTo(q.probabilities, [...shape])),
  }),
  familySuite("distributions.poisson", d.poissonFamily, {
    "log k! is left out": (q) => denser(q, (k) => logGamma(tf.add(k, 1))),
    "draws are one too many": (q) => moved(q, (k) => tf.add(k, 1)),
    "draws are a normal approximation, rounded": (q) =>
      drawn(q, (seed, shape) => {
        const noise = tf.mul(tf.sqrt(q.variance), normalNoise(seed, shape));
        return tf.relu(tf.round(tf.add(q.mean, noise)));
      }),
    "the mean is the logarithm of the rate": (q) => ({ mean: q.logRate }),
    "the variance is a standard deviation": (q) => ({ variance: tf.sqrt(q.variance) }),
  }),
  familySuite("distributions.negativeBinomial", d.negativeBinomialFamily, {
    "log k! is left out": (q) => denser(q, (k) => logGamma(tf.add(k, 1))),
    "θ is the dispersion, not its inverse, in the draws": (
      { logMean, logInverseDispersion, ...q },
    ) =>
      drawnFrom(
        q,
        d.negativeBinomial({ logMean, logInverseDispersion: tf.neg(logInverseDispersion) }),
      ),
    "draws are Poisson": (q) => drawnFrom(q, d.poisson({ logRate: q.logMean })),
    "the odds for the probability: k log (μ/θ)": (q) =>
      denser(q, (k) => tf.mul(k, tf.softplus(tf.sub(q.logMean, q.logInverseDispersion)))),
    "the variance is μ + θμ²": (q) => ({
      variance: tf.add(q.mean, tf.exp(tf.add(tf.mul(q.logMean, 2), q.logInverseDispersion))),
    }),
  }),
  familySuite(
    "distributions.zeroInflatedNegativeBinomial",
    d.zeroInflatedNegativeBinomialFamily,
    {
      "π weighs the counts, 1 − π the zeros": ({ zeroLogits, ...q }) =>
        scoredBy(q, d.zeroInflatedNegativeBinomial({ ...q, zeroLogits: tf.neg(zeroLogits) })),
      "π and the counts are multiplied, not mixed": (q) => {
        const logShare = tf.neg(tf.softplus(q.zeroLogits));
        return scored(q, (k) => tf.add(d.negativeBinomial(q).logDensities(k), logShare));
      },
      "every zero is an extra one": (q) => {
        const counts = d.negativeBinomial(q), logShare = tf.neg(tf.softplus(q.zeroLogits));
        const logExtra = tf.neg(tf.softplus(tf.neg(q.zeroLogits)));
        return scored(q, (k) => {
          const isCount = tf.step(k);
          const counted = tf.add(counts.logDensities(k), logShare);
          return tf.add(tf.mul(isCount, counted), tf.mul(tf.sub(1, isCount), logExtra));
        });
      },
      "log (1 − π) is left out": (q) => denser(q, () => tf.softplus(q.zeroLogits)),
      "draws have no extra zeros": (q) => drawnFrom(q, d.negativeBinomial(q)),
      "the mean forgets 1 − π": (q) => ({ mean: tf.exp(q.logMean) }),
    },
  ),
];
