/**
 * How weights start.
 *
 * @module
 */
import { tf } from "./deps.ts";
import { type Seed, uniformNoise } from "./random.ts";
import { type Shape, sizeOf, type Tensor } from "./types.ts";

/** Makes the first value of a weight from its shape and a seed. */
export type Initializer = (shape: Shape, seed: Seed) => Tensor;

/**
 * All zeros.
 *
 * @example
 * ```ts
 * import { initializers, seed } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const bias = initializers.zeros([2], seed(0));
 * assert.deepEqual(bias.arraySync(), [0, 0]);
 * bias.dispose();
 * ```
 */
export const zeros: Initializer = (shape): Tensor => tf.zeros([...shape]);

/**
 * All the same number.
 *
 * @example
 * ```ts
 * import { initializers, seed } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const bias = initializers.constant(3)([2], seed(0));
 * assert.deepEqual(bias.arraySync(), [3, 3]);
 * bias.dispose();
 * ```
 */
export function constant(value: number): Initializer {
  return (shape) => tf.fill([...shape], value);
}

/**
 * Uniform with variance 2 / (inputs + outputs), for a kernel `[…, inputs, outputs]`.
 *
 * Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
 * AISTATS 2010, eq. 16.
 *
 * @example
 * ```ts
 * import { initializers, seed } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const kernel = initializers.glorotUniform([4, 2], seed(0));
 * assert(kernel.dataSync().every((weight) => Math.abs(weight) <= 1)); // √(6 / (4 + 2))
 * kernel.dispose();
 * ```
 */
export const glorotUniform: Initializer = (shape, seed): Tensor => {
  const receptive = sizeOf(shape.slice(0, -2));
  const inputs = shape.at(-2) ?? 1;
  const outputs = shape.at(-1) ?? 1;
  const limit = Math.sqrt(6 / (receptive * (inputs + outputs)));
  return tf.tidy(() =>
    uniformNoise(seed, shape)
      .mul(2 * limit)
      .sub(limit)
  );
};
