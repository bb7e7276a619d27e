/**
 * Elbo's priors, each with a bug.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { type Distribution, sumOverEvent } from "../../../core/distribution.ts";
import type { AnyNetwork } from "../../../core/network.ts";
import { stopGradient } from "../../../core/operations/stop_gradient.ts";
import type { Prior, PriorScope } from "../../../core/prior.ts";
import type { Tensor } from "../../../core/types.ts";
import * as d from "../../../plugins/distributions/mod.ts";
import { maskedAutoregressive } from "../../../plugins/flows/mod.ts";
import { mlp } from "../../../plugins/networks/mlp.ts";
import * as priors from "../../../plugins/priors/mod.ts";
import { linearModelPrior } from "../../helpers/linear_model.ts";
import type { Suite } from "../mutant.ts";
import { componentDensities } from "./distributions/composed.ts";
import { logParts } from "./distributions/simplex_and_sphere.ts";
import { denser, drawn, drawnFrom, moved, pluginSuite, scoredBy, stretching } from "./suites.ts";

/** A conditional prior whose network sees the condition through a change. */
function looking(change: (condition: Tensor) => Tensor): Prior<Distribution> {
  const sound = mlp({ hidden: [4], activation: "silu" });
  const network: AnyNetwork = {
    ...sound,
    build: (scope, shapes) => {
      const built = sound.build(scope, shapes);
      return (input, context) => built(change(input), context);
    },
  };
  return priors.conditionalNormal({ network });
}

const vamp = priors.vampPrior({ components: 3 });

/** A VampPrior that is made of other posteriors. */
const ofPosteriors = (change: (infer: PriorScope["infer"]) => PriorScope["infer"]): object => ({
  ...vamp,
  build: (scope: PriorScope) => vamp.build({ ...scope, infer: change(scope.infer) }),
});

const normal = (q: Distribution): d.Normal => q as d.Normal;

/** Elbo's priors, each with a bug. */
export const ourPriors: readonly Suite[] = [
  pluginSuite("priors.standardNormal", priors.standardNormal(), {
    "½ log 2π is dropped": (q) => denser(q, () => 0.5 * Math.log(2 * Math.PI)),
    "draws of twice the scale": (q) => moved(q, (z) => tf.mul(z, 2)),
  }),
  pluginSuite("priors.diagonalNormal", priors.diagonalNormal(), {
    "draws of scale 1": (q) =>
      drawnFrom(q, d.normal({ mean: q.mean, scale: tf.onesLike(q.scale) })),
    "its mean is not learned": ({ mean, scale }) => d.normal({ mean: stopGradient(mean), scale }),
    "log σ is dropped": (q) => denser(q, () => tf.log(q.scale)),
  }),
  pluginSuite("priors.laplace", priors.laplace(), {
    "log b for log 2b": (q) => denser(q, () => Math.LN2),
    "normal draws": (q) =>
      drawnFrom(q, d.normal({ mean: q.location, scale: tf.mul(q.scale, Math.SQRT2) })),
  }),
  pluginSuite("priors.logisticNormal, concentrated", priors.logisticNormal({ concentration: 4 }), {
    "the slope Σ log x is forgotten": (q) => denser(q, logParts),
    "the variance 1/α is that of the draws, and √(1/α) that of the density": (q) => {
      const { mean: location, scale } = q.base;
      return scoredBy(q, d.logisticNormal({ location, scale: tf.sqrt(scale) }));
    },
  }),
  pluginSuite(
    "priors.conditionalNormal",
    looking((condition) => condition),
    { "log σ is dropped": (q) => denser(q, () => tf.log(normal(q).scale)) },
    {
      "all rows have the condition of the first": looking((condition) =>
        tf.add(tf.mul(condition, 0), tf.slice(condition, 0, 1))
      ),
      "no gradient reaches the condition": looking(stopGradient),
    },
  ),
  pluginSuite("priors.mixtureOfNormals", priors.mixtureOfNormals({ components: 3 }), {
    "log w is left out": (q) =>
      scoredBy(q, { logProb: (z) => tf.logSumExp(componentDensities(q, z), -1) }),
    "equal weights in the density": (q) =>
      scoredBy(q, d.mixture({ logits: tf.zerosLike(q.logits), components: q.components })),
    "the sum of logarithms for the logarithm of the sum": (q) =>
      scoredBy(q, {
        logProb: (z) => tf.sum(tf.mul(componentDensities(q, z), tf.softmax(q.logits)), -1),
      }),
    "draws are always of the first component": (q) =>
      drawn(
        q,
        (seed, [samples]) => tf.slice(q.components.draw(seed, samples).value, [0, 0], [-1, 1]),
      ),
    "no gradient by the means": ({ logits, components: { mean, scale } }) =>
      d.mixture({ logits, components: d.normal({ mean: stopGradient(mean), scale }) }),
  }),
  pluginSuite("priors.vampPrior", vamp, {
    "− log C is left out": (q) => denser(q, () => Math.log(3)),
    "log of one pseudo-input more": (q) => denser(q, () => Math.log(3 / 4)),
    "draws are always of the first pseudo-input": (q) =>
      drawn(
        q,
        (seed, [samples]) => tf.slice(q.components.draw(seed, samples).value, [0, 0], [-1, 1]),
      ),
  }, {
    // As published code of the VampPrior had it for a while.
    "log σ² is divided by σ² too": ofPosteriors((infer) => (x, context) => {
      const q = normal(infer(x, context));
      const logVariance = tf.mul(tf.log(q.scale), 2);
      const excess = tf.sub(logVariance, tf.div(logVariance, tf.square(q.scale)));
      return { ...q, ...denser(q, () => tf.mul(excess, 0.5)) };
    }),
    "no gradient reaches the pseudo-inputs": ofPosteriors((infer) => (x, context) =>
      infer(stopGradient(x), context)
    ),
  }),
  pluginSuite(
    "priors.flow",
    priors.flow({
      flow: maskedAutoregressive({ layers: 1, hidden: [4] }),
      base: priors.diagonalNormal(),
    }),
    {
      "the log-determinant has the wrong sign": ({ base, map }) =>
        d.transformed({ base, map: stretching(map, tf.neg) }),
      "the log-determinant is forgotten": ({ base, map }) =>
        d.transformed({ base, map: stretching(map, tf.zerosLike) }),
      "the density of z where u is meant": (q) => scoredBy(q, q.base),
      "draws go backwards through the flow": (q) =>
        drawn(q, (seed, [samples]) => q.map.inverse(q.base.draw(seed, samples).value).value),
    },
  ),
  pluginSuite("priors.modelPrior, conditioned", linearModelPrior({ samples: 3 }), {
    "− log S is forgotten": (q) => denser(q, () => Math.log(3)),
    "log of another S": (q) => denser(q, () => Math.log(3 / 2)),
    "draws are those of the first condition": (q) =>
      moved(q, (z) => tf.add(tf.mul(z, 0), tf.slice(z, [0, 0], [-1, 1]))),
  }),
  pluginSuite("priors.uniformSphere", priors.uniformSphere(), {
    "the area of the sphere of radius 1 is 1": (q) => denser(q, (z) => tf.neg(q.logProb(z))),
    "draws are not divided by their length": (q) => moved(q, (z) => tf.mul(z, 1.1)),
  }),
  pluginSuite("priors.uniformCategorical", priors.uniformCategorical(), {
    "− log C is left out": (q) => denser(q, (z) => tf.mul(tf.sum(z, -1), Math.log(q.event[0]!))),
    "draws are always of the first class": (q) =>
      drawn(q, (_, shape) => {
        const first = tf.oneHot(tf.scalar(0, "int32"), shape.at(-1)!);
        return tf.broadcastTo(tf.cast(first, "float32"), [...shape]);
      }),
  }),
  pluginSuite(
    "priors.uniformCategorical, relaxed",
    priors.uniformCategorical({ temperature: 0.5 }),
    {
      "the density of the classes where that of the parts is meant": (q) =>
        scoredBy(q, {
          logProb: (z) => sumOverEvent(tf.mul(z, -Math.log(z.shape.at(-1)!)), q.event),
        }),
      "the density forgets the temperature": ({ logits, ...q }) =>
        scoredBy(q, d.relaxedOneHotCategorical({ logits, temperature: 1 })),
    },
  ),
];
