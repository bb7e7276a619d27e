/**
 * Wrong likelihoods.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import { constant } from "../../core/initializers.ts";
import type { Likelihood } from "../../core/likelihood.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import type { Support } from "../../core/support.ts";
import { type Heads, type Shape, sizeOf, type Tensor } from "../../core/types.ts";
import { positiveScale } from "../../plugins/distributions/normal.ts";
import { likelihoodLaws } from "../laws/mod.ts";
import {
  bernoulliDensities,
  bernoulliOf,
  HALF_LOG_2_PI,
  type MeanAndScale,
  normalDensities,
  normalOf,
  normalValue,
  type Pieces,
} from "./families.ts";
import type { Mutant, Suite } from "./mutant.ts";

type AnyLikelihood = Likelihood<Heads, Support, Distribution>;

/** What may be said of a likelihood in other words. */
interface Options {
  readonly support?: Support;
  readonly heads?: (event: Shape) => Heads;
}

/** A likelihood of one head, `mean` or `logits`. */
function likelihood(
  name: string,
  head: "mean" | "logits",
  support: Support,
  build: AnyLikelihood["build"],
  options: Options = {},
): AnyLikelihood {
  const heads = (event: Shape): Heads => ({ [head]: event });
  return { kind: "likelihood", name, options: {}, support, heads, ...options, build };
}

/** A normal likelihood of scale 1: half the squared error, and a constant. */
const squaredError = (pieces: Partial<Pieces<MeanAndScale>>, options?: Options): AnyLikelihood =>
  likelihood(
    "squaredError",
    "mean",
    "real",
    () => ({ mean }) => normalOf({ mean: mean!, scale: tf.onesLike(mean!) }, pieces),
    options,
  );

const withSquaredError = (
  bug: string,
  pieces: Partial<Pieces<MeanAndScale>>,
  options?: Options,
): Mutant => ({
  bug: `normal of scale 1: ${bug}`,
  laws: () => likelihoodLaws(squaredError(pieces, options)),
});

/** A normal likelihood of one scale for all elements, which is a weight. */
const sharedScale = (pieces: (raw: Tensor) => Partial<Pieces<MeanAndScale>>): AnyLikelihood =>
  likelihood("sharedScale", "mean", "real", (scope) => {
    const raw = scope.weight("rawScale", [], constant(-0.5));
    return ({ mean }) => {
      const scale = tf.mul(tf.onesLike(mean!), positiveScale(raw()));
      return normalOf({ mean: mean!, scale }, pieces(raw()));
    };
  });

const withSharedScale = (
  bug: string,
  pieces: (raw: Tensor) => Partial<Pieces<MeanAndScale>>,
): Mutant => ({
  bug: `normal of shared scale: ${bug}`,
  laws: () => likelihoodLaws(sharedScale(pieces)),
});

/** A normal likelihood of one scale for each element, which is a head. */
const scalePerOutput = (pieces: Partial<Pieces<MeanAndScale>>, options?: Options): AnyLikelihood =>
  likelihood(
    "scalePerOutput",
    "mean",
    "real",
    () => ({ mean, rawScale }) =>
      normalOf({ mean: mean!, scale: positiveScale(rawScale!) }, pieces),
    { heads: (event) => ({ mean: event, rawScale: event }), ...options },
  );

const withScalePerOutput = (
  bug: string,
  pieces: Partial<Pieces<MeanAndScale>>,
  options?: Options,
): Mutant => ({
  bug: `normal of a scale per output: ${bug}`,
  laws: () => likelihoodLaws(scalePerOutput(pieces, options)),
});

/** A Bernoulli likelihood: the binary cross-entropy of logits. */
const crossEntropy = (pieces: Partial<Pieces<Tensor>>, options?: Options): AnyLikelihood =>
  likelihood(
    "crossEntropy",
    "logits",
    "binary",
    () => ({ logits }) => bernoulliOf(logits!, pieces),
    options,
  );

const withCrossEntropy = (
  bug: string,
  pieces: Partial<Pieces<Tensor>>,
  options?: Options,
): Mutant => ({
  bug: `bernoulli: ${bug}`,
  laws: () => likelihoodLaws(crossEntropy(pieces, options)),
});

const mutants: readonly Mutant[] = [
  withSquaredError("½ log 2π is dropped", {
    densities: (x, at) => tf.add(normalDensities(x, at), HALF_LOG_2_PI),
  }),
  withSquaredError("the ½ of the squared error is dropped", {
    densities: (x, { mean }) => tf.sub(tf.neg(tf.square(tf.sub(x, mean))), HALF_LOG_2_PI),
  }),
  withSquaredError("the squared error as such, with neither ½ nor constant", {
    densities: (x, { mean }) => tf.neg(tf.square(tf.sub(x, mean))),
  }),
  withSquaredError("the absolute error for the squared one", {
    densities: (x, { mean }) => tf.sub(tf.mul(tf.abs(tf.sub(x, mean)), -0.5), HALF_LOG_2_PI),
  }),
  withSquaredError("the error has the wrong sign: it is maximized", {
    densities: (x, { mean }) => tf.sub(tf.mul(tf.square(tf.sub(x, mean)), 0.5), HALF_LOG_2_PI),
  }),
  withSquaredError("the mean over the pixels for their sum", {
    total: (densities) => tf.mean(densities, -1),
  }),
  withSquaredError("draws are means: noise is forgotten", {
    value: (noise, { mean }) => tf.add(mean, tf.mul(noise, 0)),
  }),
  withSquaredError("a sigmoid on the mean of the draws alone", {
    value: (noise, { mean, scale }) => normalValue(noise, { mean: tf.sigmoid(mean), scale }),
  }),
  withSquaredError("a support between 0 and 1, which its draws do not keep to", {}, {
    support: "unit",
  }),
  withSquaredError("a support that there is not", {}, { support: "pixels" as never }),
  withSquaredError("no gradient reaches the decoder", {
    densities: (x, { mean, scale }) => normalDensities(x, { mean: stopGradient(mean), scale }),
  }),
  withSquaredError("draws are clipped to [0, 1], as pictures are", {
    value: (noise, at) => tf.clipByValue(normalValue(noise, at), 0, 1),
  }),
  withSharedScale("the raw scale is log σ in the density", (raw) => ({
    densities: (x, { mean }) => normalDensities(x, { mean, scale: tf.exp(raw) }),
  })),
  withSharedScale("the raw scale is σ in log σ", (raw) => ({
    densities: (x, at) => tf.add(normalDensities(x, at), tf.sub(tf.log(at.scale), raw)),
  })),
  withSharedScale("log σ is counted once for an event, not for every element", () => ({
    spoil: ({ event }, at) => {
      const logProb = (x: Tensor): Tensor => {
        const each = tf.add(normalDensities(x, at), tf.log(at.scale));
        return tf.sub(tf.sum(each, -1), tf.mean(tf.log(at.scale), -1));
      };
      return { logProb, event };
    },
  })),
  withSharedScale("it is not learned: its weight is read behind a stop-gradient", () => ({
    densities: (x, { mean, scale }) => normalDensities(x, { mean, scale: stopGradient(scale) }),
  })),
  withSharedScale("draws of scale 1", () => ({
    value: (noise, { mean, scale }) => normalValue(noise, { mean, scale: tf.onesLike(scale) }),
  })),
  withScalePerOutput("draws ignore the scale", {
    value: (noise, { mean, scale }) => normalValue(noise, { mean, scale: tf.onesLike(scale) }),
  }),
  withScalePerOutput("draws use the mean of the scales", {
    value: (noise, { mean, scale }) =>
      normalValue(noise, { mean, scale: tf.broadcastTo(tf.mean(scale, -1, true), scale.shape) }),
  }),
  withScalePerOutput("the mean has an axis too many, and broadcasts", {}, {
    heads: (event) => ({ mean: [...event, 1], rawScale: event }),
  }),
  withScalePerOutput("the head of the scale is forgotten", {}, {
    heads: (event) => ({ mean: event }),
  }),
  withCrossEntropy("the arguments of the cross-entropy are swapped", {
    densities: (x, logits) => bernoulliDensities(logits, x),
  }),
  withCrossEntropy("the cross-entropy has the wrong sign", {
    densities: (x, logits) => tf.neg(bernoulliDensities(x, logits)),
  }),
  withCrossEntropy("sigmoid twice: probabilities are taken for logits", {
    densities: (x, logits) => bernoulliDensities(x, tf.sigmoid(logits)),
  }),
  withCrossEntropy("the mean over the pixels for their sum", {
    total: (densities) => tf.mean(densities, -1),
  }),
  withCrossEntropy("it is called a density of grey pixels between 0 and 1", {}, {
    support: "unit",
  }),
  withCrossEntropy("draws are probabilities, not bits", {
    value: (noise, logits) => tf.add(tf.sigmoid(logits), tf.mul(noise, 0)),
  }),
  withCrossEntropy("a class is weighed twice", {
    densities: (x, logits) => tf.mul(bernoulliDensities(x, logits), tf.add(x, 1)),
  }),
  withCrossEntropy("label smoothing: 0.05 and 0.95 for 0 and 1", {
    densities: (x, logits) => bernoulliDensities(tf.add(tf.mul(x, 0.9), 0.05), logits),
  }),
  withCrossEntropy("pictures are flattened, also where the event has several axes", {}, {
    heads: (event) => ({ logits: [sizeOf(event)] }),
  }),
];

/** Wrong likelihoods. */
export const likelihoods: Suite = {
  name: "likelihoods",
  sound: [
    { name: "normal of scale 1", laws: () => likelihoodLaws(squaredError({})) },
    { name: "normal of shared scale", laws: () => likelihoodLaws(sharedScale(() => ({}))) },
    { name: "normal of a scale per output", laws: () => likelihoodLaws(scalePerOutput({})) },
    { name: "bernoulli", laws: () => likelihoodLaws(crossEntropy({})) },
  ],
  mutants,
};
