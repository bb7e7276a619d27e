/**
 * Elbo's posteriors, each with a bug.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { InvertibleMap } from "../../../core/flow.ts";
import { stopGradient } from "../../../core/operations/stop_gradient.ts";
import * as d from "../../../plugins/distributions/mod.ts";
import * as posteriors from "../../../plugins/posteriors/mod.ts";
import type { Suite } from "../mutant.ts";
import { logParts } from "./distributions/simplex_and_sphere.ts";
import { denser, drawnFrom, moved, pluginSuite, scoredBy, stretching } from "./suites.ts";

/** What a spoilt flow makes of the same normal. */
const through = (
  { base, map }: d.Transformed<d.Normal>,
  spoil: (map: InvertibleMap) => Partial<InvertibleMap>,
) => d.transformed({ base, map: { ...map, ...spoil(map) } });

/** Elbo's posteriors, each with a bug. */
export const ourPosteriors: readonly Suite[] = [
  pluginSuite("posteriors.diagonalNormal", posteriors.diagonalNormal(), {
    "the noise is not reparameterized": (q) => moved(q, stopGradient),
    "the softplus of the scale is forgotten": (q, { rawScale }) => {
      const { mean } = q;
      return d.normal({ mean, scale: rawScale });
    },
  }),
  pluginSuite("posteriors.fullCovarianceNormal", posteriors.fullCovarianceNormal(), {
    "the softplus of the diagonal is forgotten": (
      { mean, cholesky, diagonal },
      { rawDiagonal },
    ) => {
      const raw = tf.reshape(rawDiagonal, diagonal.shape);
      const change = tf.mul(tf.expandDims(tf.sub(raw, diagonal), 2), tf.eye(diagonal.shape[1]!));
      return d.multivariateNormal({ mean, cholesky: tf.add(cholesky, change) });
    },
    "what is below the diagonal does not count in the density": (q) =>
      scoredBy(q, d.normal({ mean: q.mean, scale: tf.reshape(q.diagonal, q.mean.shape) })),
    "what is below the diagonal does not count in the draws": (q) =>
      drawnFrom(q, d.normal({ mean: q.mean, scale: tf.reshape(q.diagonal, q.mean.shape) })),
    "no gradient by the covariance passes through the draws": (q) => {
      const { mean, cholesky } = q;
      return drawnFrom(q, d.multivariateNormal({ mean, cholesky: stopGradient(cholesky) }));
    },
  }),
  pluginSuite("posteriors.lowRankNormal", posteriors.lowRankNormal({ rank: 2 }), {
    "the factors do not count in the density": (q) =>
      scoredBy(q, d.normal({ mean: q.mean, scale: q.scale })),
    "no gradient by the factors passes through the draws": (q) => {
      const { mean, scale, factor } = q;
      return drawnFrom(q, d.lowRankNormal({ mean, scale, factor: stopGradient(factor) }));
    },
  }),
  pluginSuite("posteriors.laplace", posteriors.laplace(), {
    "the noise is not reparameterized": (q) => moved(q, stopGradient),
    "the softplus of the scale is forgotten": ({ location }, { rawScale }) =>
      d.laplace({ location, scale: rawScale }),
    "log b for log 2b": (q) => denser(q, () => Math.LN2),
  }),
  pluginSuite("posteriors.logisticNormal", posteriors.logisticNormal(), {
    "the density is that of the normal before the softmax": (q) => denser(q, logParts),
    "draws are not normalized: exp for softmax": (q, { location }) => {
      const parts = location.shape[1]! + 1;
      return moved(q, (x) => tf.mul(x, parts));
    },
  }),
  pluginSuite(
    "posteriors.inverseAutoregressiveFlow",
    posteriors.inverseAutoregressiveFlow({ layers: 1, hidden: [3], context: 1 }),
    {
      "the log-determinant has the wrong sign": (q) => through(q, (map) => stretching(map, tf.neg)),
      "the log-determinant is forgotten": (q) => through(q, (map) => stretching(map, tf.zerosLike)),
      "the log-determinant is forgotten in what draws say of themselves": (q) => ({
        draw: (seed, samples) => ({
          value: q.draw(seed, samples).value,
          logProb: q.base.draw(seed, samples).logProb,
        }),
      }),
      "a mask that lets every latent see itself": (q) =>
        through(q, ({ forward }) => ({
          forward: (z) => {
            const { value, logDeterminant } = forward(z);
            return { value: tf.add(value, tf.mul(tf.tanh(z), 0.5)), logDeterminant };
          },
        })),
      "the density goes forwards where it should go back": (q) =>
        through(q, ({ forward }) => ({
          inverse: (z) => {
            const { value, logDeterminant } = forward(z);
            return { value, logDeterminant: tf.neg(logDeterminant) };
          },
        })),
      "draws are of the normal before the flow": (q) => drawnFrom(q, q.base),
      "no gradient passes through the flow of draws": (q) => moved(q, stopGradient),
    },
  ),
  pluginSuite(
    "posteriors.relaxedCategorical",
    posteriors.relaxedCategorical({ temperature: 0.7 }),
    {
      "the density forgets the temperature": (q, { logits }) =>
        scoredBy(q, d.relaxedOneHotCategorical({ logits, temperature: 1 })),
      "the draws forget the temperature": (q, { logits }) =>
        drawnFrom(q, d.relaxedOneHotCategorical({ logits, temperature: 1 })),
      "draws are one-hot": (q, { logits }) =>
        drawnFrom(q, d.oneHotCategorical({ logits, temperature: 0.7 })),
      "the noise is not reparameterized": (q) => moved(q, stopGradient),
    },
  ),
  pluginSuite(
    "posteriors.relaxedCategorical, straight through",
    posteriors.relaxedCategorical({ temperature: 0.7, straightThrough: true }),
    {
      "no gradient passes straight through the step": (q) => moved(q, stopGradient),
      "draws are relaxed forwards too": (q, { logits }) =>
        drawnFrom(q, d.relaxedOneHotCategorical({ logits, temperature: 0.7 })),
    },
  ),
  pluginSuite("posteriors.powerSpherical", posteriors.powerSpherical(), {
    "κ may be negative": ({ location }, { rawScale }) =>
      d.powerSpherical({ direction: location, scale: rawScale }),
    "no gradient by κ passes through the draws": (q) =>
      drawnFrom(q, d.powerSpherical({ direction: q.location, scale: stopGradient(q.scale) })),
    "the noise is not reparameterized": (q) => moved(q, stopGradient),
  }),
];
