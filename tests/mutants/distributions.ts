/**
 * Wrong normal distributions.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { sumOverEvent } from "../../core/distribution.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import { normalNoise, seed, uniformNoise } from "../../core/random.ts";
import type { Shape, Tensor } from "../../core/types.ts";
import { distributionLaws } from "../laws/mod.ts";
import {
  HALF_LOG_2_PI,
  type MeanAndScale,
  normalDensities,
  normalValue,
  normalWith,
  type Pieces,
} from "./families.ts";
import type { Mutant, Suite } from "./mutant.ts";

/** A normal distribution with a bug. */
const normal = (bug: string, pieces: Partial<Pieces<MeanAndScale>>): Mutant => ({
  bug: `normal: ${bug}`,
  laws: () => distributionLaws(normalWith(pieces)),
});

const square = (value: Tensor, { mean, scale }: MeanAndScale): Tensor =>
  tf.square(tf.div(tf.sub(value, mean), scale));

/** `[S, B, …]` made of `[…]` by repeating it. */
const spread = (noise: Tensor, shape: Shape): Tensor => tf.broadcastTo(noise, [...shape]);

/** The same parameters, one of them behind a stop-gradient. */
const stopped = (at: MeanAndScale, name: keyof MeanAndScale): MeanAndScale => ({
  ...at,
  [name]: stopGradient(at[name]),
});

const firstRow = ({ mean, scale }: MeanAndScale): MeanAndScale => ({
  mean: tf.slice(mean, 0, 1),
  scale: tf.slice(scale, 0, 1),
});

let calls = 0;

const densityMutants: readonly Mutant[] = [
  normal("the ½ of the square is dropped", {
    densities: (x, at) => tf.sub(normalDensities(x, at), tf.mul(square(x, at), 0.5)),
  }),
  normal("log σ is dropped", {
    densities: (x, at) => tf.add(normalDensities(x, at), tf.log(at.scale)),
  }),
  normal("the sign of log σ is wrong", {
    densities: (x, at) => tf.add(normalDensities(x, at), tf.mul(tf.log(at.scale), 2)),
  }),
  normal("½ log σ², with σ where σ² is meant", {
    densities: (x, at) => tf.add(normalDensities(x, at), tf.mul(tf.log(at.scale), 0.5)),
  }),
  normal("½ log 2π is dropped", {
    densities: (x, at) => tf.add(normalDensities(x, at), HALF_LOG_2_PI),
  }),
  normal("log 2π without its ½", {
    densities: (x, at) => tf.sub(normalDensities(x, at), HALF_LOG_2_PI),
  }),
  normal("the square is divided by σ, not by σ²", {
    densities: (x, at) => {
      const errors = tf.div(tf.square(tf.sub(x, at.mean)), at.scale);
      return tf.sub(tf.mul(errors, -0.5), tf.add(tf.log(at.scale), HALF_LOG_2_PI));
    },
  }),
  normal("x − μ is divided by log σ²", {
    densities: (x, { mean, scale }) => {
      const standardized = tf.div(tf.sub(x, mean), tf.mul(tf.log(scale), 2));
      return tf.sub(tf.mul(tf.square(standardized), -0.5), tf.add(tf.log(scale), HALF_LOG_2_PI));
    },
  }),
  normal("σ² + 0.01 in the density, against division by zero", {
    densities: (x, { mean, scale }) =>
      normalDensities(x, { mean, scale: tf.sqrt(tf.add(tf.square(scale), 0.01)) }),
  }),
  normal("the mean over the elements for their sum", {
    total: (densities, event) => tf.div(sumOverEvent(densities, event), event[0]!),
  }),
  normal("the sum over the last axis alone, also for pictures", {
    total: (densities) => tf.sum(densities, -1),
  }),
  normal("the log-density of an event keeps its last axis", {
    total: (densities) => tf.sum(densities, -1, true),
  }),
  normal("the log-density of the density: it underflows far out", {
    densities: (x, at) => tf.log(tf.exp(normalDensities(x, at))),
  }),
  normal("σ is clipped to 2 in the density", {
    densities: (x, { mean, scale }) =>
      normalDensities(x, { mean, scale: tf.clipByValue(scale, 0, 2) }),
  }),
  normal("the parameters of the first row are used for all rows of the density", {
    densities: (x, at) =>
      tf.add(normalDensities(x, firstRow(at)), tf.zerosLike(normalDensities(x, at))),
  }),
  normal("values [1, B, …] do not broadcast", {
    spoil: ({ logProb, event, batch }) => ({
      logProb: (value) => logProb(tf.reshape(value, [-1, batch, ...event])),
    }),
  }),
  normal("no gradient by σ in the log-density", {
    densities: (x, at) => normalDensities(x, stopped(at, "scale")),
  }),
  normal("no gradient by μ in the log-density", {
    densities: (x, at) => normalDensities(x, stopped(at, "mean")),
  }),
  normal("no gradient by the value in the log-density", {
    densities: (x, at) => normalDensities(stopGradient(x), at),
  }),
  normal("1 % off on wasm", {
    densities: (x, at) => tf.mul(normalDensities(x, at), tf.getBackend() === "wasm" ? 1.01 : 1),
  }),
];

const drawMutants: readonly Mutant[] = [
  normal("draws of scale 1.3 σ", {
    value: (noise, at) => normalValue(tf.mul(noise, 1.3), at),
  }),
  normal("draws of variance σ", {
    value: (noise, { mean, scale }) => normalValue(noise, { mean, scale: tf.sqrt(scale) }),
  }),
  normal("draws of scale σ²", {
    value: (noise, { mean, scale }) => normalValue(noise, { mean, scale: tf.square(scale) }),
  }),
  normal("draws of uniform noise of the right variance", {
    noise: (seed, shape) => tf.mul(tf.sub(uniformNoise(seed, shape), 0.5), Math.sqrt(12)),
  }),
  normal("noise is cut off at ±1.5", {
    noise: (seed, shape) => tf.clipByValue(normalNoise(seed, shape), -1.5, 1.5),
  }),
  normal("noise of |ε|", { noise: (seed, shape) => tf.abs(normalNoise(seed, shape)) }),
  normal("the seed is ignored", { noise: (_, shape) => normalNoise(seed(0), shape) }),
  normal("noise from Math.random", {
    noise: (_, shape) => tf.randomNormal([...shape], 0, 1, "float32", Math.random() * 2 ** 31),
  }),
  normal("noise from a counter of calls", {
    noise: (seed, shape) => normalNoise(seed.split(`${calls++}`), shape),
  }),
  normal("the same noise for all elements of an event", {
    noise: (seed, [samples, batch, ...event]) =>
      spread(normalNoise(seed, [samples!, batch!, 1]), [samples!, batch!, ...event]),
  }),
  normal("the same noise for all rows of the batch", {
    noise: (seed, shape) => spread(normalNoise(seed, [shape[0]!, 1, ...shape.slice(2)]), shape),
  }),
  normal("the same noise for all samples", {
    noise: (seed, shape) => spread(normalNoise(seed, [1, ...shape.slice(1)]), shape),
  }),
  normal("the second half of the samples repeats the first", {
    noise: (seed, [samples, ...rest]) => {
      const half = normalNoise(seed, [Math.ceil(samples! / 2), ...rest]);
      return tf.slice(tf.concat([half, half]), 0, samples!);
    },
  }),
  normal("the second half of the samples mirrors the first", {
    noise: (seed, [samples, ...rest]) => {
      const half = normalNoise(seed, [Math.ceil(samples! / 2), ...rest]);
      return tf.slice(tf.concat([half, tf.neg(half)]), 0, samples!);
    },
  }),
  normal("draws know the first row alone", {
    value: (noise, at) => normalValue(noise, firstRow(at)),
  }),
  normal("no gradient passes through the draws", {
    value: (noise, at) => stopGradient(normalValue(noise, at)),
  }),
  normal("no gradient by σ passes through the draws", {
    value: (noise, at) => normalValue(noise, stopped(at, "scale")),
  }),
  normal("the gradient of the draws by μ is doubled", {
    value: (noise, { mean, scale }) => {
      const doubled = tf.sub(tf.mul(mean, 2), stopGradient(mean));
      return normalValue(noise, { mean: doubled, scale });
    },
  }),
  normal("draws without the axis of samples", {
    spoil: ({ draw }) => ({
      draw: (seed, samples = 1) => {
        const { value, logProb } = draw(seed, samples);
        return { value: samples === 1 ? tf.squeeze(value, [0]) : value, logProb };
      },
    }),
  }),
  normal("one draw unless told, however many are asked for", {
    spoil: ({ draw }) => ({ draw: (seed) => draw(seed, 1) }),
  }),
  normal("a draw recomputes ε as z − μ", {
    ownDensities: (value, { mean, scale }) =>
      tf.sub(
        tf.mul(tf.square(tf.sub(value, mean)), -0.5),
        tf.add(tf.log(scale), HALF_LOG_2_PI),
      ),
  }),
  normal("a draw's log-density forgets log σ", {
    ownDensities: (_, __, noise) => tf.sub(tf.mul(tf.square(noise), -0.5), HALF_LOG_2_PI),
  }),
  normal("a draw's log-density stops the gradient", {
    ownDensities: (value, at) => stopGradient(normalDensities(value, at)),
  }),
  normal("a draw's log-density stops the gradient of the value", {
    ownDensities: (value, at) => normalDensities(stopGradient(value), at),
  }),
  normal("a draw's log-density is averaged over the samples", {
    ownDensities: (value, at) =>
      tf.broadcastTo(tf.mean(normalDensities(value, at), 0, true), value.shape),
  }),
];

const declarationMutants: readonly Mutant[] = [
  normal("the declared variance is σ", { variance: ({ scale }) => scale }),
  normal("the declared variance is log σ²", { variance: ({ scale }) => tf.log(tf.square(scale)) }),
  normal("the declared mean is 0", { mean: ({ mean }) => tf.zerosLike(mean) }),
  normal("the declared mean is a tenth of a deviation off", {
    mean: ({ mean, scale }) => tf.add(mean, tf.mul(scale, 0.1)),
  }),
  normal("the declared mean has no batch", { mean: ({ mean }) => tf.mean(mean, 0) }),
  normal("another event", { spoil: ({ event }) => ({ event: [...event, 1] }) }),
  normal("another batch", { spoil: () => ({ batch: 7 }) }),
  normal("a tensor is kept for ever in a draw", {
    value: (noise, at) => tf.keep(normalValue(noise, at)),
  }),
  normal("a tensor is kept for ever in the density", {
    densities: (x, at) => tf.keep(normalDensities(x, at)),
  }),
  normal("a tensor is kept for ever in a draw's log-density", {
    ownDensities: (x, at) => tf.keep(normalDensities(x, at)),
  }),
  normal("the density disposes μ", {
    densities: (x, at) => {
      const densities = normalDensities(x, at);
      at.mean.dispose();
      return densities;
    },
  }),
];

/** Wrong normal distributions. */
export const distributions: Suite = {
  name: "distributions",
  sound: [
    { name: "normal", laws: () => distributionLaws(normalWith({})) },
  ],
  mutants: [...densityMutants, ...drawMutants, ...declarationMutants],
};
