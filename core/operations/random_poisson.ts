/**
 * Draws from the Poisson distribution: small rates by inversion, and rates from 10 on by Hörmann,
 * "The transformed rejection method for generating Poisson random variables", Insurance: Mathematics
 * and Economics 12, 1993, algorithm PTRS without its shortcuts.
 *
 * They are made in ordinary operations, so that nothing is read back from a device, or one by one
 * where tensors lie in the memory of the host: out of the same noise, and so the same.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { randomWords, type Seed, toUnit, uniformNoise } from "../random.ts";
import type { Tensor } from "../types.ts";
import { HALF_LOG_2_PI } from "./normal_log_prob.ts";
import { poissonLogProb } from "./poisson_log_prob.ts";
import { where } from "./where.ts";

/** The rate from which on draws are made by rejection. */
const LARGE = 10;

/** The largest count of a small rate; it is larger in fewer than 1 of 10⁹ draws. */
const LARGEST_COUNT = 36;

/** How many candidates a draw has. One in four is refused at most: 1 of 10⁶ draws has none left. */
const CANDIDATES = 10;

/** Where the noise of a draw comes from. */
function noiseOf(seed: Seed) {
  const candidates = Array.from({ length: CANDIDATES }, (_, i) => ({
    u: seed.split(`u ${i}`),
    v: seed.split(`v ${i}`),
  }));
  return { inversion: seed.split("inversion"), candidates };
}

/** The number of k with u < P(count > k). */
function inversion(rate: Tensor, u: Tensor): Tensor {
  let mass = tf.exp(tf.neg(rate)), above: Tensor = tf.neg(tf.expm1(tf.neg(rate)));
  let count: Tensor = tf.step(tf.sub(above, u));
  for (let k = 1; k < LARGEST_COUNT; k++) {
    mass = tf.mul(mass, tf.div(rate, k));
    above = tf.sub(above, mass);
    count = tf.add(count, tf.step(tf.sub(above, u)));
  }
  return count;
}

/** The first candidate that is accepted. */
function rejection(rate: Tensor, { candidates }: ReturnType<typeof noiseOf>): Tensor {
  const logRate = tf.log(rate);
  const b = tf.add(tf.mul(tf.sqrt(rate), 2.53), 0.931), a = tf.sub(tf.mul(b, 0.02483), 0.059);
  const inverseAlpha = tf.add(tf.div(1.1328, tf.sub(b, 3.4)), 1.1239);
  let drawn: Tensor | undefined;
  for (const noise of candidates.toReversed()) {
    const u = tf.sub(uniformNoise(noise.u, rate.shape), 0.5);
    const v = uniformNoise(noise.v, rate.shape), us = tf.sub(0.5, tf.abs(u));
    const stretch = tf.add(tf.div(tf.mul(a, 2), us), b);
    const candidate = tf.floor(tf.add(tf.add(tf.mul(stretch, u), rate), 0.43));
    const count = tf.maximum(candidate, 0);
    const slope = tf.add(tf.div(a, tf.square(us)), b);
    const level = tf.log(tf.div(tf.mul(v, inverseAlpha), slope));
    const below = tf.lessEqual(level, poissonLogProb(logRate, count));
    const accepted = tf.logicalAnd(below, tf.greaterEqual(candidate, 0));
    drawn = drawn === undefined ? count : where(accepted, count, drawn);
  }
  return drawn!;
}

/** Counts by ordinary operations. */
export function poissonOnDevice(rate: Tensor, seed: Seed): Tensor {
  const noise = noiseOf(seed);
  const small = inversion(tf.minimum(rate, LARGE), uniformNoise(noise.inversion, rate.shape));
  return where(tf.less(rate, LARGE), small, rejection(tf.maximum(rate, LARGE), noise));
}

/** log p(k) for rates from 10 on, in float64. */
function logMass(count: number, rate: number): number {
  const difference = count - rate, v = difference / (count + rate), squared = v * v;
  if (count === 0) return -rate;
  let deviance = count * Math.log(count / rate) - difference;
  if (squared < 0.01) {
    deviance = difference * v;
    for (let power = 2 * count * v * squared, i = 3; i < 19; i += 2, power *= squared) {
      deviance += power / i;
    }
  }
  let remainder = 0, k = count; // That of k! is Σ (i + ½) log(1 + 1/i) − 1 above that of larger ones.
  for (; k < 10; k++) remainder += (k + 0.5) * Math.log1p(1 / k) - 1;
  remainder += 1 / (12 * k) - 1 / (360 * k ** 3) + 1 / (1260 * k ** 5);
  return -deviance - HALF_LOG_2_PI - 0.5 * Math.log(count) - remainder;
}

/** Counts one by one. */
export function poissonOnHost(rates: Tensor, seed: Seed): Tensor {
  const { inversion, candidates } = noiseOf(seed);
  const noiseAt = (seed: Seed, i: number): number =>
    toUnit(randomWords(seed, 2, i - i % 2)[i % 2]!);

  function small(rate: number, i: number): number {
    const u = noiseAt(inversion, i);
    let count = 0, mass = Math.exp(-rate), above = -Math.expm1(-rate);
    while (u < above && count < LARGEST_COUNT) {
      mass *= rate / ++count;
      above -= mass;
    }
    return count;
  }
  function large(rate: number, i: number): number {
    const b = 0.931 + 2.53 * Math.sqrt(rate), a = -0.059 + 0.02483 * b;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    let count = 0;
    for (const noise of candidates) {
      const u = noiseAt(noise.u, i) - 0.5, v = noiseAt(noise.v, i), us = 0.5 - Math.abs(u);
      const candidate = Math.floor((2 * a / us + b) * u + rate + 0.43);
      const level = Math.log(v * inverseAlpha / (a / us ** 2 + b));
      count = Math.max(candidate, 0);
      if (candidate >= 0 && level <= logMass(count, rate)) break;
    }
    return count;
  }
  const draws = Float32Array.from(
    rates.dataSync(),
    (rate, i) => rate < LARGE ? small(rate, i) : large(rate, i),
  );
  return tf.tensor(draws, rates.shape, "float32");
}

/**
 * Counts from the Poisson distribution, to whose rates no gradient passes.
 *
 * @param rate λ, of any shape; every element is drawn once.
 * @param seed Where the noise comes from.
 * @returns Counts, of that shape.
 */
export function randomPoisson(rate: Tensor, seed: Seed): Tensor {
  const onHost = ["cpu", "wasm"].includes(tf.getBackend());
  const run = tf.customGrad((given) => ({
    value: onHost ? poissonOnHost(given as Tensor, seed) : poissonOnDevice(given as Tensor, seed),
    gradFunc: (upstream: Tensor) => tf.zerosLike(upstream),
  }));
  return run(rate);
}
