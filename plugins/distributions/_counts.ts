/**
 * Draws of counts, one by one in float64: rejection needs another number of words for every draw.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { randomWords, type Seed } from "../../core/random.ts";
import { type Shape, sizeOf, type Tensor } from "../../core/types.ts";

/** The next uniform number in (0, 1). */
export type Uniform = () => number;

/** The uniform numbers of one element, whatever others take: a function of seed, element and turn. */
function uniformsOf(seed: Seed, element: number): Uniform {
  let block = 0, words: Uint32Array | undefined;
  const unit = (word: number): number => (word + 0.5) * 2 ** -32;
  return () => {
    if (words !== undefined) {
      const second = words[1]!;
      words = undefined;
      return unit(second);
    }
    words = randomWords(seed, 2, 2 * (element + block++ * 2 ** 32));
    return unit(words[0]!);
  };
}

/**
 * Draws every element by a function of its parameters.
 *
 * @param seed Where the draws come from.
 * @param shape `[S, B, …event]`.
 * @param parameters Tensors that broadcast to `[B, …event]`.
 * @param drawOne A draw of one element.
 */
export function drawCounts<Parameters extends readonly Tensor[]>(
  seed: Seed,
  shape: Shape,
  parameters: Parameters,
  drawOne: (uniform: Uniform, ...values: { [i in keyof Parameters]: number }) => number,
): Tensor {
  const one = shape.slice(1), size = sizeOf(one);
  const lists = parameters.map((parameter) => tf.broadcastTo(parameter, one).dataSync());
  const draws = Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const values = lists.map((list) => list[i % size]!) as { [i in keyof Parameters]: number };
    return drawOne(uniformsOf(seed, i), ...values);
  });
  return tf.tensor(draws, [...shape], "float32");
}

/** log k! − k log k + k for k below 10. */
const FACTORIAL_RESTS = Array.from({ length: 10 }, (_, k) => {
  let logFactorial = 0;
  for (let i = 2; i <= k; i++) logFactorial += Math.log(i);
  return k === 0 ? 0 : logFactorial - k * Math.log(k) + k;
});

/** log p(k) of the Poisson distribution, as the density takes it apart. */
function logMass(count: number, rate: number): number {
  const difference = count - rate, v = difference / (count + rate), squared = v * v;
  let deviance = count === 0 ? rate : count * Math.log(count / rate) - difference;
  if (squared < 0.01) {
    deviance = difference * v;
    for (let power = 2 * count * v * squared, i = 3; i < 19; i += 2, power *= squared) {
      deviance += power / i;
    }
  }
  const u = 1 / count;
  const rest = FACTORIAL_RESTS[count] ??
    0.5 * Math.log(2 * Math.PI * count) + u / 12 - u ** 3 / 360 + u ** 5 / 1260;
  return -deviance - rest;
}

/** The smallest k with u ≤ P(0) + … + P(k). */
function inversion(rate: number, uniform: Uniform): number {
  const level = uniform();
  let count = 0, mass = Math.exp(-rate), below = mass;
  while (below < level) {
    count++;
    mass *= rate / count;
    below += mass;
  }
  return count;
}

/**
 * Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance:
 * Mathematics and Economics 12, 1993, algorithm PTRS, for rates from 10 on.
 */
function transformedRejection(rate: number, uniform: Uniform): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate), a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const u = uniform() - 0.5, v = uniform(), us = 0.5 - Math.abs(u);
    const count = Math.floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= squeeze) return count;
    if (count < 0 || (us < 0.013 && v > us)) continue;
    if (Math.log(v * inverseAlpha / (a / (us * us) + b)) <= logMass(count, rate)) return count;
  }
}

/** A count from the Poisson distribution. */
export function drawPoisson(uniform: Uniform, rate: number): number {
  if (!(rate < Infinity)) return rate;
  return rate < 10 ? inversion(rate, uniform) : transformedRejection(rate, uniform);
}

/** A standard normal number (Box and Muller). */
function drawNormal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/**
 * The logarithm of a number from the gamma distribution with scale 1.
 *
 * Marsaglia and Tsang, "A simple method for generating gamma variables", ACM Transactions on
 * Mathematical Software 26, 2000; shapes below 1 as they say in §6.
 */
export function drawLogGamma(uniform: Uniform, shape: number): number {
  if (shape < 1) return drawLogGamma(uniform, shape + 1) + Math.log(uniform()) / shape;
  const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d);
  while (true) {
    const x = drawNormal(uniform), t = c * x;
    if (t <= -1) continue;
    // v = (1 + t)³, and d − d·v + d log v without cancellation.
    const logV = 3 * Math.log1p(t), exponent = d * (logV - t * (3 + t * (3 + t)));
    if (Math.log(uniform()) < x * x / 2 + exponent) return Math.log(d) + logV;
  }
}

/** A count from the negative binomial distribution: Poisson, with a rate from a gamma one. */
export function drawNegativeBinomial(
  uniform: Uniform,
  logMean: number,
  logInverseDispersion: number,
): number {
  const logGamma = drawLogGamma(uniform, Math.exp(logInverseDispersion));
  return drawPoisson(uniform, Math.exp(logMean + logGamma - logInverseDispersion));
}
