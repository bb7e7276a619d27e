/**
 * Elbo's distributions, each with a bug.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { sumOverEvent } from "../../../core/distribution.ts";
import type { InvertibleMap } from "../../../core/flow.ts";
import { logGamma } from "../../../core/operations/log_gamma.ts";
import { HALF_LOG_2_PI } from "../../../core/operations/normal_log_prob.ts";
import { stopGradient } from "../../../core/operations/stop_gradient.ts";
import { normalNoise, uniformNoise } from "../../../core/random.ts";
import { type Shape, sizeOf, type Tensor } from "../../../core/types.ts";
import * as d from "../../../plugins/distributions/mod.ts";
import { logarithm } from "../../plugins/distributions/laws.ts";
import type { Suite } from "../mutant.ts";
import {
  type Change,
  denser,
  drawn,
  drawnFrom,
  familySuite,
  moved,
  scored,
  scoredBy,
} from "./suites.ts";

/** Normal noise at some location and scale. */
const normalDraws = (q: d.Laplace | d.Logistic | d.StudentT, times = 1): Change =>
  drawn(
    q,
    (seed, shape) => tf.add(q.location, tf.mul(tf.mul(q.scale, times), normalNoise(seed, shape))),
  );

/** (x − μ)/σ. */
const standardized = (x: Tensor, { location, scale }: d.Laplace | d.Logistic | d.StudentT) =>
  tf.div(tf.sub(x, location), scale);

const real: readonly Suite[] = [
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

const positiveAndUnit: readonly Suite[] = [
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

const discrete: readonly Suite[] = [
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

/** Σ log xᵢ of parts. */
export const logParts = (x: Tensor): Tensor => tf.sum(tf.log(x), -1);

const simplexAndSphere: readonly Suite[] = [
  familySuite("distributions.logisticNormal", d.logisticNormalFamily, {
    "the slope Σ log x is forgotten": (q) => denser(q, logParts),
    "the slope Σ log x has the wrong sign": (q) => denser(q, (x) => tf.mul(logParts(x), 2)),
    "½ log K is forgotten": (q) => denser(q, () => 0.5 * Math.log(q.event[0]!)),
    "draws forget μ": (q, { location, scale }) =>
      drawnFrom(q, d.logisticNormal({ location: tf.zerosLike(location), scale })),
  }),
  familySuite("distributions.relaxedOneHotCategorical", d.relaxedOneHotCategoricalFamily, {
    "(C − 1) log λ is dropped": (q, { temperature }) =>
      denser(q, () => tf.mul(tf.log(tf.reshape(temperature, [-1])), 1 - q.event.at(-1)!)),
    "log Γ(C) is dropped": (q) => denser(q, () => -Math.log(2)), // C = 3
    "− Σ log x is dropped, the Jacobian of the softmax": (q) => denser(q, logParts),
    "uniform noise for Gumbel's": (q, { logits, temperature }) =>
      drawn(
        q,
        (seed, shape) => tf.softmax(tf.div(tf.add(logits, uniformNoise(seed, shape)), temperature)),
      ),
    "draws are multiplied by the temperature": (q, { logits, temperature }) =>
      drawnFrom(
        q,
        d.relaxedOneHotCategorical({ logits, temperature: tf.reciprocal(temperature) }),
      ),
  }),
  familySuite("distributions.powerSpherical", d.powerSphericalFamily, {
    "β log π is dropped": (q) => denser(q, () => (sizeOf(q.event) - 1) / 2 * Math.log(Math.PI)),
    "log √(1 + μᵀx) for log (1 + μᵀx)": (q, { direction }) =>
      scoredBy(q, d.powerSpherical({ direction, scale: tf.mul(q.scale, 0.5) })),
    "draws around − μ": (q) => moved(q, tf.neg),
    "draws leave the sphere": (q) => moved(q, (x) => tf.mul(x, 1.05)),
    "the mean is μ": (q) => ({ mean: q.location }),
    "no gradient by κ passes through the draws": (q, { direction, scale }) =>
      drawnFrom(q, d.powerSpherical({ direction, scale: stopGradient(scale) })),
  }),
  familySuite("distributions.uniformSphere", d.uniformSphereFamily, {
    "the area of the sphere in one dimension more": (q) =>
      denser(q, (x) => tf.fill(x.shape.slice(0, 2), Math.log(2 / Math.PI))), // 4π over 2π²
    "draws are not divided by their length": (q) => drawn(q, normalNoise),
    "draws are points of a cube, divided by their length": (q) =>
      drawn(q, (seed, shape) => {
        const cube = tf.sub(tf.mul(uniformNoise(seed, shape), 2), 1);
        return tf.div(cube, tf.norm(cube, "euclidean", -1, true));
      }),
  }),
];

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

/** The same map with log-determinants that are replaced. */
export const stretching = (
  { forward, inverse }: InvertibleMap,
  of: (logDeterminant: Tensor) => Tensor,
): InvertibleMap => {
  const replaced = (map: InvertibleMap["forward"]): InvertibleMap["forward"] => (value) => {
    const mapped = map(value);
    return { value: mapped.value, logDeterminant: of(mapped.logDeterminant) };
  };
  return { forward: replaced(forward), inverse: replaced(inverse) };
};

const composed: readonly Suite[] = [
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

/** Elbo's distributions, each with a bug. */
export const ourDistributions: readonly Suite[] = [
  ...real,
  ...positiveAndUnit,
  ...discrete,
  ...simplexAndSphere,
  ...composed,
];
