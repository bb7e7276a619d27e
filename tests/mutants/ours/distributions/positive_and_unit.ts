/**
 * Elbo's distributions of positive numbers and of numbers from 0 to 1, each with a bug.
 *
 * @module
 */
import { tf } from "../../../../core/deps.ts";
import { logGamma } from "../../../../core/operations/log_gamma.ts";
import { stopGradient } from "../../../../core/operations/stop_gradient.ts";
import * as d from "../../../../plugins/distributions/mod.ts";
import type { Suite } from "../../mutant.ts";
import { denser, drawn, drawnFrom, familySuite, moved, scored, scoredBy } from "../suites.ts";

/** On the positive numbers, and from 0 to 1. */
export const positiveAndUnit: readonly Suite[] = [
  familySuite("distributions.logNormal", d.logNormalFamily, {
    "− log x is left out": (q) => denser(q, tf.log),
    "− log x has the wrong sign": (q) => denser(q, (x) => tf.mul(tf.log(x), 2)),
    "the mean is exp μ": (q) => ({ mean: tf.exp(q.location) }),
    "the variance is that of the logarithm": (q) => ({ variance: tf.square(q.scale) }),
  }),
  familySuite("distributions.gamma", d.gammaFamily, {
    "log Γ(α) is dropped": (q) => denser(q, () => logGamma(q.concentration)),
    "α log β is dropped": (q) => denser(q, () => tf.neg(tf.mul(q.concentration, tf.log(q.rate)))),
    "the rate is a scale in the draws": (q) => moved(q, (x) => tf.mul(x, tf.square(q.rate))),
    "the variance is α/β": (q) => ({ variance: q.mean }),
    "no gradient by α passes through the draws": ({ concentration, rate, ...q }) =>
      drawnFrom(q, d.gamma({ concentration: stopGradient(concentration), rate })),
  }),
  familySuite("distributions.beta", d.betaFamily, {
    "log B(α, β) is dropped": ({ concentration1: a, concentration0: b, ...q }) =>
      denser(q, () => tf.sub(tf.add(logGamma(a), logGamma(b)), logGamma(tf.add(a, b)))),
    "the power of x is α, not α − 1": (q) => denser(q, tf.log),
    "α and β change places in the draws": (q) => moved(q, (x) => tf.sub(1, x)),
    "the variance lacks its + 1": ({ concentration1: a, concentration0: b, variance }) => {
      const total = tf.add(a, b);
      return { variance: tf.div(tf.mul(variance, tf.add(total, 1)), total) };
    },
    "no gradient passes through the draws": (q) => moved(q, stopGradient),
  }),
  familySuite("distributions.continuousBernoulli", d.continuousBernoulliFamily, {
    "log C(λ) is dropped: a Bernoulli of grey values": (q) =>
      scoredBy(q, d.bernoulli({ logits: q.logits })),
    "log C(λ) counts twice": (q) => {
      const plain = d.bernoulli({ logits: q.logits });
      return denser(q, (x) => tf.sub(q.logDensities(x), plain.logDensities(x)));
    },
    "the mean is λ": (q) => ({ mean: tf.sigmoid(q.logits) }),
    "draws are bits": (q) => drawnFrom(q, d.bernoulli({ logits: q.logits })),
  }),
  familySuite("distributions.discretizedLogistic", d.discretizedLogisticFamily({ levels: 5 }), {
    "the lowest and the highest level have no tails": (q) =>
      scored(q, (x) => {
        const at = (edge: number) =>
          tf.sigmoid(tf.div(tf.sub(tf.add(x, edge), q.location), q.scale));
        return tf.log(tf.sub(at(1 / 8), at(-1 / 8)));
      }),
    "the density times the width, not the difference of distribution functions": (q) =>
      scored(q, (x) => {
        const logistic = d.logistic({ location: q.location, scale: q.scale });
        return tf.add(logistic.logDensities(x), Math.log(1 / 4));
      }),
    "draws lie between the levels": (q) =>
      drawn(q, (seed, [samples]) => {
        const logistic = d.logistic({ location: q.location, scale: q.scale });
        return tf.clipByValue(logistic.draw(seed, samples).value, 0, 1);
      }),
    "the mean is μ": (q) => ({ mean: q.location }),
  }),
];
