/**
 * Elbo's distributions that are made of others, each with a bug.
 *
 * @module
 */
import { tf } from "../../../../core/deps.ts";
import { uniformNoise } from "../../../../core/random.ts";
import { type Shape, sizeOf, type Tensor } from "../../../../core/types.ts";
import * as d from "../../../../plugins/distributions/mod.ts";
import { logarithm } from "../../../plugins/distributions/laws.ts";
import type { Suite } from "../../mutant.ts";
import {
  type Change,
  denser,
  drawn,
  drawnFrom,
  familySuite,
  moved,
  scored,
  scoredBy,
  stretching,
} from "../suites.ts";

/** log p_c(x) of every component of a mixture `[S, B, C]`. */
export function componentDensities(
  { components, logits, event }: d.Mixture,
  value: Tensor,
): Tensor {
  const [batch, count] = logits.shape as [number, number], samples = value.shape[0]!;
  const each = tf.add(tf.expandDims(value, 2), tf.zeros([1, batch, count, ...event]));
  const flat = tf.reshape(each, [samples, batch * count, ...event]);
  return tf.reshape(components.logProb(flat), [samples, batch, count]);
}

/** Draws of all components of a mixture, put together `[S, B, C, …event]` → `[S, B, …event]`. */
const combined = (q: d.Mixture, combine: (each: Tensor, ones: Shape) => Tensor): Change =>
  drawn(q, (seed, [samples, batch, ...event]) => {
    const each = q.components.draw(seed, samples).value;
    return combine(tf.reshape(each, [samples!, batch!, -1, ...event]), event.map(() => 1));
  });

/** Made of others. */
export const composed: readonly Suite[] = [
  familySuite("distributions.mixture", d.mixtureFamily, {
    "log w is left out": (q) =>
      scoredBy(q, { logProb: (x) => tf.logSumExp(componentDensities(q, x), -1) }),
    "equal weights in the density": (q) =>
      scoredBy(q, d.mixture({ logits: tf.zerosLike(q.logits), components: q.components })),
    "logits for log-weights": (q) => denser(q, () => tf.logSumExp(q.logits, -1)),
    "the sum of logarithms for the logarithm of the sum": (q) =>
      scoredBy(q, {
        logProb: (x) => tf.sum(tf.mul(componentDensities(q, x), tf.softmax(q.logits)), -1),
      }),
    "the logarithm of the sum over the samples, not over the components": (q) =>
      scoredBy(q, {
        logProb: (x) => {
          const terms = tf.add(componentDensities(q, x), tf.logSoftmax(q.logits));
          return tf.broadcastTo(tf.sum(tf.logSumExp(terms, 0, true), -1), terms.shape.slice(0, 2));
        },
      }),
    "draws are always of the first component": (q) =>
      combined(q, (each) => tf.squeeze(tf.slice(each, [0, 0, 0], [-1, -1, 1]), [2])),
    "draws are averages of the components": (q) =>
      combined(
        q,
        (each, ones) =>
          tf.sum(
            tf.mul(each, tf.reshape(tf.softmax(q.logits), [1, ...q.logits.shape, ...ones])),
            2,
          ),
      ),
    "the mean is that of equal weights": (q) => {
      const { mean } = q.components;
      return { mean: tf.mean(tf.reshape(mean, [...q.logits.shape, ...q.event]), 1) };
    },
  }),
  familySuite("distributions.factorizedMixture", d.factorizedMixtureFamily, {
    "the sum of logarithms for the logarithm of the sum": (q) =>
      scored(q, (x) => {
        const each = tf.add(tf.expandDims(x, -1), tf.zerosLike(q.logits));
        return tf.sum(tf.mul(q.components.logDensities(each), tf.softmax(q.logits)), -1);
      }),
    "equal weights in the density": (q) =>
      scoredBy(
        q,
        d.factorizedMixture({ logits: tf.zerosLike(q.logits), components: q.components }),
      ),
    "all elements of an event are of one component": (q) =>
      drawn(q, (seed, [samples, batch, ...event]) => {
        const noise = uniformNoise(seed.split("component"), [samples!, batch!, 1, 3]);
        const scores = tf.sub(tf.logSoftmax(q.logits), tf.log(tf.neg(tf.log(noise))));
        const first = tf.slice(scores, [0, 0, 0], [-1, -1, 1]);
        const chosen = tf.cast(tf.oneHot(tf.argMax(first, -1), 3), "float32");
        const each = q.components.draw(seed.split("value"), samples).value;
        return tf.reshape(tf.sum(tf.mul(each, chosen), -1), [samples!, batch!, ...event]);
      }),
    "the variance forgets how far the means are apart": (q) => ({
      variance: tf.sum(tf.mul(q.components.variance, tf.softmax(q.logits)), -1),
    }),
  }),
  familySuite("distributions.transformed", d.transformedFamily({ map: logarithm }), {
    "the log-determinant has the wrong sign": ({ base, map }) =>
      d.transformed({ base, map: stretching(map, tf.neg) }),
    "the log-determinant is forgotten": ({ base, map }) =>
      d.transformed({ base, map: stretching(map, tf.zerosLike) }),
    "the log-determinant is forgotten in what draws say of themselves": (q) => ({
      draw: (seed, samples) => ({
        value: q.draw(seed, samples).value,
        logProb: q.base.draw(seed, samples).logProb,
      }),
    }),
    "draws are not mapped": (q) => drawnFrom(q, q.base),
    "the density of x where z is meant": (q) => scoredBy(q, q.base),
  }),
  familySuite("distributions.blockwise", d.blockwiseFamily, {
    "the blocks change places in the draws": (q) => moved(q, (x) => tf.reverse(x, -1)),
    "the mean over the blocks for their sum": (q) => ({
      ...scoredBy(q, { logProb: (x) => tf.mul(q.logProb(x), 0.5) }),
    }),
    "the last element is left out of the density": (q) =>
      denser(q, (x) => {
        const width = x.shape.at(-1)!, places = tf.range(0, width);
        const isLast = tf.cast(tf.equal(places, width - 1), "float32");
        return tf.neg(tf.mul(q.logDensities(x), isLast));
      }),
  }),
  familySuite("distributions.masked", d.maskedFamily, {
    "what is missing counts, and what is observed does not": ({ distribution, mask, ...q }) =>
      scoredBy(q, d.masked({ distribution, mask: tf.sub(1, mask) })),
    "the mean over what is observed for its sum": (q) =>
      scoredBy(q, { logProb: (x) => tf.div(q.logProb(x), sizeOf(q.event)) }),
    "draws are of standard scale": (q) =>
      moved(q, (x) => tf.div(tf.sub(x, q.distribution.mean), q.distribution.scale)),
  }),
];
