/**
 * The normal and the Bernoulli distribution in pieces, any of which a mutant may replace.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { type Distribution, type Draw, sumOverEvent } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { normalNoise, type Seed, uniformNoise } from "../../core/random.ts";
import type { Shape, Tensor } from "../../core/types.ts";

/** ½ log 2π. */
export const HALF_LOG_2_PI: number = 0.5 * Math.log(2 * Math.PI);

/** μ and σ. */
export interface MeanAndScale {
  readonly mean: Tensor;
  readonly scale: Tensor;
}

/** What a distribution with independent elements is made of, for parameters `At`. */
export interface Pieces<At> {
  /** The log-density of every element. */
  readonly densities: (value: Tensor, at: At) => Tensor;
  /** Those of an event out of those of its elements. */
  readonly total: (densities: Tensor, event: Shape) => Tensor;
  /** Noise `[S, B, …event]`. */
  readonly noise: (seed: Seed, shape: Shape) => Tensor;
  /** The draws that some noise makes. */
  readonly value: (noise: Tensor, at: At) => Tensor;
  /** What draws say of their own log-densities. */
  readonly ownDensities: (value: Tensor, at: At, noise: Tensor) => Tensor;
  /** The mean of every element. */
  readonly mean: (at: At) => Tensor;
  /** The variance of every element. */
  readonly variance: (at: At) => Tensor;
  /** Whatever else is said in other words: it replaces what the distribution has. */
  readonly spoil: (sound: Distribution, at: At) => Partial<Distribution>;
}

/** log N(x | μ, σ²) = −½ ((x − μ)/σ)² − log σ − ½ log 2π. */
export function normalDensities(value: Tensor, { mean, scale }: MeanAndScale): Tensor {
  const standardized = tf.div(tf.sub(value, mean), scale);
  const square = tf.mul(tf.square(standardized), -0.5);
  return tf.sub(square, tf.add(tf.log(scale), HALF_LOG_2_PI));
}

/** z = μ + σ·ε. */
export function normalValue(noise: Tensor, { mean, scale }: MeanAndScale): Tensor {
  return tf.add(mean, tf.mul(scale, noise));
}

/** log p(x) = x·ℓ − softplus(ℓ). */
export function bernoulliDensities(value: Tensor, logits: Tensor): Tensor {
  return tf.sub(tf.mul(value, logits), tf.softplus(logits));
}

/** What only differs from family to family. */
interface Nature {
  readonly family: string;
  readonly domain: Distribution["domain"];
  readonly reparameterized: boolean;
}

/** Puts the pieces together, for parameters of the shape of `like`. */
function assemble<At>(nature: Nature, pieces: Pieces<At>, at: At, like: Tensor): Distribution {
  const [batch, ...event] = like.shape as [number, ...number[]];
  const draw = (seed: Seed, samples = 1): Draw => {
    const noise = pieces.noise(seed, [samples, batch, ...event]);
    const value = pieces.value(noise, at);
    return { value, logProb: () => pieces.total(pieces.ownDensities(value, at, noise), event) };
  };
  const sound = {
    ...nature,
    batch,
    event,
    draw,
    get mean() {
      return pieces.mean(at);
    },
    get variance() {
      return pieces.variance(at);
    },
    logDensities: (value: Tensor) => pieces.densities(value, at),
    logProb: (value: Tensor) => pieces.total(pieces.densities(value, at), event),
  };
  return Object.assign(sound, pieces.spoil(sound, at));
}

/** A normal distribution with some pieces replaced. */
export function normalOf(at: MeanAndScale, given: Partial<Pieces<MeanAndScale>>): Distribution {
  const densities = given.densities ?? normalDensities;
  const pieces: Pieces<MeanAndScale> = {
    densities,
    total: sumOverEvent,
    noise: normalNoise,
    value: normalValue,
    ownDensities: densities,
    mean: ({ mean }) => mean,
    variance: ({ scale }) => tf.square(scale),
    spoil: () => ({}),
    ...given,
  };
  const nature = { family: "normal", domain: "real", reparameterized: true } as const;
  return assemble(nature, pieces, at, at.mean);
}

/** The family of normal distributions with some pieces replaced. */
export function normalWith(
  given: Partial<Pieces<MeanAndScale>>,
): Family<Distribution, "mean" | "scale"> {
  return {
    name: "normal",
    parameters: { mean: "real", scale: "positive" },
    support: "real",
    make: (at) => normalOf(at, given),
  };
}

/** A Bernoulli distribution with some pieces replaced. */
export function bernoulliOf(logits: Tensor, given: Partial<Pieces<Tensor>>): Distribution {
  const densities = given.densities ?? bernoulliDensities;
  const pieces: Pieces<Tensor> = {
    densities,
    total: sumOverEvent,
    noise: uniformNoise,
    value: (noise, logits) => tf.cast(tf.less(noise, tf.sigmoid(logits)), "float32"),
    ownDensities: densities,
    mean: (logits) => tf.sigmoid(logits),
    variance: (logits) => tf.mul(tf.sigmoid(logits), tf.sigmoid(tf.neg(logits))),
    spoil: () => ({}),
    ...given,
  };
  const nature = { family: "bernoulli", domain: "discrete", reparameterized: false } as const;
  return assemble(nature, pieces, logits, logits);
}

/** The family of Bernoulli distributions with some pieces replaced. */
export function bernoulliWith(given: Partial<Pieces<Tensor>>): Family<Distribution, "logits"> {
  return {
    name: "bernoulli",
    parameters: { logits: "real" },
    support: "binary",
    make: ({ logits }) => bernoulliOf(logits, given),
  };
}
