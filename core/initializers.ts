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

/** All zeros. */
export const zeros: Initializer = (shape): Tensor => tf.zeros([...shape]);

/** All the same number. */
export function constant(value: number): Initializer {
  return (shape) => tf.fill([...shape], value);
}

/**
 * Uniform with variance 2 / (inputs + outputs), for a kernel `[…, inputs, outputs]`.
 *
 * Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
 * AISTATS 2010, eq. 16.
 */
export const glorotUniform: Initializer = (shape, seed): Tensor => {
  const receptive = sizeOf(shape.slice(0, -2));
  const inputs = shape.at(-2) ?? 1,
    outputs = shape.at(-1) ?? 1;
  const limit = Math.sqrt(6 / (receptive * (inputs + outputs)));
  return tf.tidy(() =>
    uniformNoise(seed, shape)
      .mul(2 * limit)
      .sub(limit)
  );
};
