/**
 * Elbo's likelihoods, each with a bug.
 *
 * @module
 */
import type { Context } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import type { Factorized } from "../../../core/distribution.ts";
import { logGamma } from "../../../core/operations/log_gamma.ts";
import { stopGradient } from "../../../core/operations/stop_gradient.ts";
import { normalNoise } from "../../../core/random.ts";
import type { Tensor } from "../../../core/types.ts";
import * as d from "../../../plugins/distributions/mod.ts";
import * as likelihoods from "../../../plugins/likelihoods/mod.ts";
import { table } from "../../plugins/likelihoods/laws.ts";
import type { Suite } from "../mutant.ts";
import { denser, drawn, drawnFrom, moved, pluginSuite, scored, scoredBy } from "./suites.ts";

/** A likelihood that is never told of size factors. */
function withoutOffset<S, O, Q>(
  { build, ...rest }: { readonly build: (scope: S) => (outputs: O, context: Context) => Q },
): object {
  return {
    ...rest,
    build: (scope: S) => {
      const built = build(scope);
      return (outputs: O, context: Context) => built(outputs, { ...context, offset: undefined });
    },
  };
}

/** Columns of a table in another order. */
const reordered = (value: Tensor, order: readonly number[]): Tensor =>
  tf.gather(value, tf.tensor1d([...order], "int32"), -1);

/** What a code of a class picks out of `[…, C]`. */
const picked = (values: Tensor, codes: Tensor): Tensor => {
  const chosen = tf.oneHot(tf.cast(codes, "int32"), values.shape.at(-1)!);
  return tf.sum(tf.mul(values, tf.cast(chosen, "float32")), -1);
};

/** A table is factorized, as its columns are. */
const factorized = (q: object): Factorized => q as Factorized;

/** Elbo's likelihoods, each with a bug. */
export const ourLikelihoods: readonly Suite[] = [
  pluginSuite("likelihoods.bernoulli", likelihoods.bernoulli(), {
    "draws are probabilities": (q) => drawn(q, (_, shape) => tf.broadcastTo(q.mean, [...shape])),
    "a softplus too few: x·ℓ": (q) => denser(q, () => tf.softplus(q.logits)),
  }),
  pluginSuite("likelihoods.beta, shared concentration", likelihoods.beta(), {
    "log B(α, β) is dropped": ({ concentration1: a, concentration0: b, ...q }) =>
      denser(q, () => tf.sub(tf.add(logGamma(a), logGamma(b)), logGamma(tf.add(a, b)))),
    "the cross-entropy, as for a Bernoulli": (q, { logits }) =>
      scoredBy(q, d.bernoulli({ logits })),
    "draws of twice the concentration": ({ concentration1: a, concentration0: b, ...q }) =>
      drawnFrom(q, d.beta({ concentration1: tf.mul(a, 2), concentration0: tf.mul(b, 2) })),
    "the concentration is not learned": ({ concentration1: a, concentration0: b, ...q }) => {
      const total = tf.add(a, b), mean = tf.div(a, total), fixed = stopGradient(total);
      return scoredBy(
        q,
        d.beta({
          concentration1: tf.mul(mean, fixed),
          concentration0: tf.mul(tf.sub(1, mean), fixed),
        }),
      );
    },
  }),
  pluginSuite("likelihoods.categorical", likelihoods.categorical({ categories: 4 }), {
    "log-sum-exp over the event, not over the classes": (q) =>
      scored(q, (codes) => {
        const total = tf.logSumExp(q.logits, 1, true);
        return picked(tf.sub(q.logits, total), codes);
      }),
    "logits for log-probabilities": (q) => denser(q, () => tf.logSumExp(q.logits, -1)),
    "codes from 1 on in the draws": (q) => moved(q, (codes) => tf.add(codes, 1)),
  }),
  pluginSuite("likelihoods.columns", table, {
    "two columns change places in the density": (q) =>
      scored(q, (x) => factorized(q).logDensities(reordered(x, [1, 0, 2]))),
    "two columns change places in the draws": (q) => moved(q, (x) => reordered(x, [2, 1, 0])),
    "two log-densities change places": (q) =>
      scored(q, (x) => reordered(factorized(q).logDensities(x), [1, 0, 2])),
    "the mean over the columns for their sum": (q) =>
      scoredBy(q, { logProb: (x) => tf.mean(factorized(q).logDensities(x), -1) }),
    "the last column is left out of the density": (q) =>
      scored(q, (x) => tf.mul(factorized(q).logDensities(x), tf.tensor1d([1, 1, 0]))),
  }),
  pluginSuite("likelihoods.continuousBernoulli", likelihoods.continuousBernoulli(), {
    "log C(λ) is dropped: a Bernoulli of grey values": (q) =>
      scoredBy(q, d.bernoulli({ logits: q.logits })),
    "the mean is λ": (q) => ({ mean: tf.sigmoid(q.logits) }),
  }),
  pluginSuite(
    "likelihoods.discretizedLogisticMixture",
    likelihoods.discretizedLogisticMixture({ components: 3, levels: 5 }),
    {
      "the ends have no tails": (q) =>
        scored(q, (x) => {
          const { location, scale } = q.components, value = tf.expandDims(x, -1);
          const at = (edge: number) =>
            tf.sigmoid(tf.div(tf.sub(tf.add(value, edge), location), scale));
          const share = tf.sum(
            tf.mul(tf.softmax(q.logits), tf.sub(at(1 / 8), at(-1 / 8))),
            -1,
          );
          return tf.log(tf.add(share, 1e-7));
        }),
      "the sum of logarithms for the logarithm of the sum": (q) =>
        scored(q, (x) => {
          const each = tf.add(tf.expandDims(x, -1), tf.zerosLike(q.logits));
          return tf.sum(tf.mul(q.components.logDensities(each), tf.softmax(q.logits)), -1);
        }),
      "log w is left out": (q) =>
        scored(q, (x) => {
          const each = tf.add(tf.expandDims(x, -1), tf.zerosLike(q.logits));
          return tf.logSumExp(q.components.logDensities(each), -1);
        }),
      "draws from −1 to 1": (q) => moved(q, (x) => tf.sub(tf.mul(x, 2), 1)),
    },
  ),
  pluginSuite("likelihoods.laplace, shared scale", likelihoods.laplace(), {
    "the absolute error as such, with no constant": (q) =>
      scored(q, (x) => tf.neg(tf.div(tf.abs(tf.sub(x, q.location)), q.scale))),
    "log b for log 2b": (q) => denser(q, () => Math.LN2),
    "the scale is not learned": ({ location, scale }) =>
      d.laplace({ location, scale: stopGradient(scale) }),
  }),
  pluginSuite("likelihoods.normal, shared scale", likelihoods.normal(), {
    "log σ is dropped": (q) => denser(q, () => tf.log(q.scale)),
    "the squared error as such": (q) =>
      scored(q, (x) => tf.neg(tf.square(tf.div(tf.sub(x, q.mean), q.scale)))),
    "the scale is not learned": ({ mean, scale }) =>
      d.normal({ mean, scale: stopGradient(tf.mul(tf.onesLike(mean), scale)) }),
  }),
  pluginSuite(
    "likelihoods.negativeBinomial, dispersion per output",
    likelihoods.negativeBinomial({ dispersion: "perOutput" }),
    {
      "log Γ(θ) is dropped": (q) => denser(q, () => logGamma(tf.exp(q.logInverseDispersion))),
      "draws are Poisson": (q) => drawnFrom(q, d.poisson({ logRate: q.logMean })),
      "θ is unbounded": ({ logMean }, { logInverseDispersion }) =>
        d.negativeBinomial({ logMean, logInverseDispersion }),
      "the dispersion is not learned": ({ logMean, logInverseDispersion }) =>
        d.negativeBinomial({
          logMean,
          logInverseDispersion: stopGradient(logInverseDispersion),
        }),
    },
    {
      "the offset is ignored": withoutOffset(
        likelihoods.negativeBinomial({ dispersion: "perOutput" }),
      ),
    },
  ),
  pluginSuite("likelihoods.poisson", likelihoods.poisson(), {
    "log k! is left out": (q) => denser(q, (k) => logGamma(tf.add(k, 1))),
    "draws are not whole": (q) =>
      drawn(
        q,
        (seed, shape) =>
          tf.relu(tf.add(q.mean, tf.mul(tf.sqrt(q.variance), normalNoise(seed, shape)))),
      ),
  }, {
    "the offset is ignored": withoutOffset(likelihoods.poisson()),
    "the offset is a size factor, not its logarithm": {
      ...likelihoods.poisson(),
      build: () => ({ logRate }: { readonly logRate: Tensor }, { offset }: Context) => {
        const factor = offset === undefined ? 0 : tf.log1p(tf.abs(tf.reshape(offset, [-1, 1])));
        return d.poisson({ logRate: tf.add(tf.minimum(logRate, 20), factor) });
      },
    },
  }),
  pluginSuite(
    "likelihoods.studentT, shared",
    likelihoods.studentT(),
    {
      "log σ is dropped": (q) => denser(q, () => tf.log(q.scale)),
      "½ log ν is dropped": (q) => denser(q, () => tf.mul(tf.log(q.degreesOfFreedom), 0.5)),
      "ν is not learned": ({ degreesOfFreedom, location, scale }) =>
        d.studentT({ degreesOfFreedom: stopGradient(degreesOfFreedom), location, scale }),
    },
  ),
  pluginSuite(
    "likelihoods.zeroInflatedNegativeBinomial",
    likelihoods.zeroInflatedNegativeBinomial(),
    {
      "π weighs the counts, 1 − π the zeros": ({ zeroLogits, ...q }) =>
        scoredBy(q, d.zeroInflatedNegativeBinomial({ ...q, zeroLogits: tf.neg(zeroLogits) })),
      "draws have no extra zeros": (q) => drawnFrom(q, d.negativeBinomial(q)),
      "the mean forgets 1 − π": (q) => ({ mean: tf.exp(q.logMean) }),
    },
    { "the offset is ignored": withoutOffset(likelihoods.zeroInflatedNegativeBinomial()) },
  ),
];
