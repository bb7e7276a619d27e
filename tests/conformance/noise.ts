/**
 * The same noise wherever it is made: what a seed gives, as it arrives on the backend in use.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { logStandardGamma } from "../../core/operations/standard_gamma.ts";
import { randomPoisson } from "../../core/operations/random_poisson.ts";
import { normalNoise, permutation, seed, uniformNoise } from "../../core/random.ts";
import type { Tensor } from "../../core/types.ts";

/** What is drawn, by name. */
export type Noise = Readonly<Record<string, readonly number[]>>;

/** An odd number, which fills neither a texture nor a workgroup. */
const SIZE = 1021;

const RATES = [0.01, 0.7, 3, 9.9, 10.1, 40, 1e3, 2e5];

const CONCENTRATIONS = [0.05, 0.5, 1, 3, 50, 1e4];

/** As many copies of some numbers as it takes to be that many. */
function repeated(values: readonly number[], size: number): Tensor {
  return tf.tensor1d(Array.from({ length: size }, (_, i) => values[i % values.length]!));
}

const DRAWS: Readonly<Record<string, () => Tensor>> = {
  uniform: () => uniformNoise(seed(7), [SIZE]),
  normal: () => normalNoise(seed(7), [SIZE]),
  Poisson: () => randomPoisson(repeated(RATES, SIZE), seed(7)),
  gamma: () => tf.reshape(logStandardGamma(repeated(CONCENTRATIONS, SIZE), seed(7), 1), [SIZE]),
};

/** What the backend in use draws. */
export async function drawNoise(): Promise<Noise> {
  const noise: Record<string, readonly number[]> = {};
  for (const [name, draw] of Object.entries(DRAWS)) {
    // Once through a kernel: what was never computed with is read from the memory of the host.
    const tensor = tf.tidy(() => tf.mul(draw(), 1));
    noise[name] = [...await tensor.data()];
    tensor.dispose();
  }
  noise.permutation = [...permutation(seed(7), SIZE)];
  return noise;
}
