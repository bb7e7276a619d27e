/**
 * Mutants of priors that stand in for plugins to come.
 *
 * @module
 */
import {
  distributions,
  stopGradient,
  sumOverEvent,
  type Tensor,
  uniformNoise,
} from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import { priorLaws } from "../../laws/mod.ts";
import type { Mutant, Suite } from "../mutant.ts";
import { conditionalPrior } from "../../stand_ins/conditional_prior.ts";
import { componentDensities, mixture, mixturePrior } from "../../stand_ins/mixture_prior.ts";
import { vampPrior } from "../../stand_ins/vamp_prior.ts";
import { denser, soundOf } from "./changes.ts";

/** A mixture of three normals, put together wrongly. */
function mixtureOf(bug: string, combine: typeof mixture): Mutant {
  return {
    bug: `mixture: ${bug}`,
    laws: () => priorLaws(mixturePrior({ components: 3 }, combine)),
  };
}

/** A mixture of three posteriors, put together wrongly. */
function vampOf(bug: string, combine: typeof mixture): Mutant {
  return {
    bug: `VampPrior: ${bug}`,
    laws: () => priorLaws(vampPrior({ components: 3 }, combine)),
  };
}

const mutants: readonly Mutant[] = [
  mixtureOf("log w is left out", (components) => mixture(components, tf.zeros([3]))),
  mixtureOf("equal weights in the density alone", (components, logWeights) => ({
    ...mixture(components, logWeights),
    logProb: mixture(components, tf.fill([3], -Math.log(3))).logProb,
  })),
  mixtureOf("draws are always of the first component", (components, logWeights) => {
    const q = mixture(components, logWeights);
    return {
      ...q,
      draw: (seed, samples = 1) => {
        const value = tf.slice(components.draw(seed, samples).value, [0, 0], [-1, 1]);
        return { value, logProb: () => q.logProb(value) };
      },
    };
  }),
  mixtureOf("all draws of a call are of one component", (components, logWeights) => {
    const q = mixture(components, logWeights);
    return {
      ...q,
      draw: (seed, samples = 1) => {
        const u = uniformNoise(seed.split("component"), []).dataSync()[0]!;
        const each = components.draw(seed, samples).value;
        const value = tf.slice(each, [0, Math.floor(3 * u)], [-1, 1]);
        return { value, logProb: () => q.logProb(value) };
      },
    };
  }),
  mixtureOf("the sum of logarithms for the logarithm of the sum", (components, logWeights) => {
    const q = mixture(components, logWeights);
    const logProb = (value: Tensor): Tensor =>
      tf.sum(tf.mul(tf.exp(logWeights), componentDensities(components, value)), -1);
    return {
      ...q,
      logProb,
      draw: (seed, samples) => {
        const { value } = q.draw(seed, samples);
        return { value, logProb: () => logProb(value) };
      },
    };
  }),
  mixtureOf("draws are averages of the components", (components, logWeights) => {
    const q = mixture(components, logWeights);
    return {
      ...q,
      draw: (seed, samples = 1) => {
        const weights = tf.reshape(tf.exp(logWeights), [1, 3, ...components.event.map(() => 1)]);
        const value = tf.sum(tf.mul(components.draw(seed, samples).value, weights), 1, true);
        return { value, logProb: () => q.logProb(value) };
      },
    };
  }),
  // The class of densities that the published code of the VampPrior had for a while.
  vampOf("log σ² is divided by σ² too", (components, logWeights) => {
    const { scale } = components as distributions.Normal;
    const variance = tf.square(scale), logVariance = tf.log(variance);
    const excess = tf.mul(tf.sub(logVariance, tf.div(logVariance, variance)), 0.5);
    return mixture(
      denser(components, () => sumOverEvent(tf.expandDims(excess, 0), components.event)),
      logWeights,
    );
  }),
  vampOf("no gradient reaches the pseudo-inputs", (components, logWeights) => {
    const { mean, scale } = components as distributions.Normal;
    const stopped = distributions.normal({ mean: stopGradient(mean), scale: stopGradient(scale) });
    return mixture(stopped, logWeights);
  }),
  vampOf(
    "log of the wrong count",
    (components, logWeights) => mixture(components, tf.add(logWeights, Math.log(3 / 4))),
  ),
  vampOf("− log C is left out", (components) => mixture(components, tf.zeros([3]))),
  {
    bug: "conditional prior: all rows have the condition of the first",
    laws: () =>
      priorLaws(
        conditionalPrior((condition) => tf.broadcastTo(tf.slice(condition, 0, 1), condition.shape)),
        { condition: [3] },
      ),
  },
  {
    bug: "conditional prior: no gradient reaches the condition",
    laws: () => priorLaws(conditionalPrior(stopGradient), { condition: [3] }),
  },
];

/** Stand-ins of priors that are wrong, beside those that are sound. */
export const standInPriors: Suite = {
  name: "stand-ins: priors",
  sound: soundOf("uniformSpherePrior", "mixturePrior", "vampPrior", "conditionalPrior"),
  mutants,
};
