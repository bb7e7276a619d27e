/**
 * Explicit, splittable seeds and counter-based noise.
 *
 * Word i of a seed is a pure function of (seed, i): Threefry-2×32 with 20 rounds.
 * Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011, §3.2, with its published
 * test vectors in the tests. The words are bitwise the same on every backend, any kernel may
 * compute them in place, and a resumed run goes on where it was.
 *
 * @module
 */
import { tf } from "./deps.ts";
import { outOfRange } from "./errors.ts";
import { hasKernel, launch } from "./operations/operation.ts";
import { type Shape, sizeOf, type Tensor } from "./types.ts";

type Words = readonly [number, number];

/** Where noise comes from. The same seed gives the same noise; split it to get independent ones. */
export interface Seed {
  /** The key of the generator. */
  readonly key: readonly [number, number];
  /** The seed that belongs to a label, independent of this one and of every other label's. */
  readonly split: (label: string) => Seed;
}

/** The name of its kernel, which makes the same words and computes with float32. */
const NORMAL_NOISE = "ElboNormalNoise";

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;
/** Noise counts below 2⁶³ and labels above it, so that a split never meets a noise word. */
const LABEL = 0x80000000;
const END_OF_LABEL = 0xc0000000;

/** One block of Threefry-2×32-20: two words out of a key and a counter, written to `out`. */
function threefryInto(
  out: Uint32Array,
  at: number,
  key: Words,
  counter0: number,
  counter1: number,
): void {
  const k0 = key[0] | 0;
  const k1 = key[1] | 0;
  const k2 = PARITY ^ k0 ^ k1;
  let x0 = (counter0 + k0) | 0;
  let x1 = (counter1 + k1) | 0;
  for (let group = 0; group < 5; group++) {
    const first = (group & 1) << 2;
    for (let round = 0; round < 4; round++) {
      const rotation = ROTATIONS[first + round]!;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << rotation) | (x1 >>> (32 - rotation))) ^ x0;
    }
    // Key injection: (k1, k2), (k2, k0), (k0, k1), (k1, k2), (k2, k0), and the group's number.
    const turn = group % 3;
    x0 = (x0 + (turn === 0 ? k1 : turn === 1 ? k2 : k0)) | 0;
    x1 = (x1 + (turn === 0 ? k2 : turn === 1 ? k0 : k1) + group + 1) | 0;
  }
  out[at] = x0;
  out[at + 1] = x1;
}

/** One block of Threefry-2×32 with 20 rounds: two words out of a key and a counter. */
export function threefry2x32(key: Words, counter: Words): Words {
  const block = new Uint32Array(2);
  threefryInto(block, 0, key, counter[0], counter[1]);
  return [block[0]!, block[1]!];
}

/** The seed that has a key. */
export function fromKey(key: Words): Seed {
  return {
    key,
    split: (label) => {
      let next = key;
      for (let i = 0; i < label.length; i++) {
        next = threefry2x32(next, [label.charCodeAt(i), LABEL + i]);
      }
      return fromKey(threefry2x32(next, [label.length, END_OF_LABEL]));
    },
  };
}

/**
 * A seed from a whole number; a seed is handed back as it is.
 *
 * @param value An integer, or a seed.
 * @returns The seed.
 * @throws {RangeError} If the number is not a safe integer.
 *
 * @example
 * ```ts
 * import { seed } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const run = seed(7);
 * assert.deepEqual(run.split("shuffle").key, seed(7).split("shuffle").key);
 * assert.notDeepEqual(run.split("shuffle").key, run.split("latents").key);
 * ```
 */
export function seed(value: number | Seed): Seed {
  if (typeof value === "object" && value !== null) return value;
  if (!Number.isSafeInteger(value)) {
    throw outOfRange("make a seed", "'value' must be a safe integer", value);
  }
  return fromKey([value >>> 0, Math.floor(value / 2 ** 32) >>> 0]);
}

/** Words `from` … `from + count − 1` of a seed; `from` is even. */
export function randomWords(seed: Seed, count: number, from = 0): Uint32Array {
  const words = new Uint32Array(count + (count & 1));
  for (let i = 0; i < words.length; i += 2) {
    const block = (from + i) / 2;
    threefryInto(words, i, seed.key, block >>> 0, Math.floor(block / 2 ** 32));
  }
  return words.subarray(0, count);
}

/** A word as a number in the open interval (0, 1), exact in float32. */
export function toUnit(word: number): number {
  return ((word >>> 9) + 0.5) * 2 ** -23;
}

/**
 * Uniform noise.
 *
 * @param seed Where it comes from.
 * @param shape The shape of the result.
 * @returns Values in (0, 1), of that shape.
 *
 * @example
 * ```ts
 * import { seed, uniformNoise } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const noise = uniformNoise(seed(1), [2, 3]);
 * assert.deepEqual(noise.shape, [2, 3]);
 * assert(noise.dataSync().every((u) => u > 0 && u < 1));
 * noise.dispose();
 * ```
 */
export function uniformNoise(seed: Seed, shape: Shape): Tensor {
  const values = Float32Array.from(randomWords(seed, sizeOf(shape)), toUnit);
  return tf.tensor(values, [...shape], "float32");
}

/**
 * Standard normal noise ε ~ N(0, 1).
 *
 * Box and Muller, "A note on the generation of random normal deviates", 1958: each block of two
 * words is one pair √(−2 ln u)·(cos 2πv, sin 2πv), from u and v that float32 holds exactly.
 *
 * @param seed Where it comes from.
 * @param shape The shape of the result.
 * @returns Values of that shape.
 *
 * @example
 * ```ts
 * import { normalNoise, seed } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const noise = normalNoise(seed(1), [1000]);
 * assert(Math.abs(noise.mean().dataSync()[0]!) < 0.15);
 * noise.dispose();
 * ```
 */
export function normalNoise(seed: Seed, shape: Shape): Tensor {
  const { key } = seed;
  if (hasKernel(NORMAL_NOISE)) return launch<Tensor>(NORMAL_NOISE, {}, { key, shape });
  const size = sizeOf(shape);
  const words = randomWords(seed, size + (size & 1));
  const values = new Float32Array(size);
  for (let i = 0; i < size; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(toUnit(words[i]!)));
    const angle = 2 * Math.PI * toUnit(words[i + 1]!);
    values[i] = radius * Math.cos(angle);
    if (i + 1 < size) values[i + 1] = radius * Math.sin(angle);
  }
  return tf.tensor(values, [...shape], "float32");
}

/** The numbers 0 … size − 1 in an order that the seed decides (Fisher and Yates). */
export function permutation(seed: Seed, size: number): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const words = randomWords(seed, size);
  for (let i = size - 1; i >= 1; i--) {
    const j = Math.floor(words[i]! * 2 ** -32 * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
