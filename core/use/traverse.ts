/**
 * Latents that differ in one of their elements.
 *
 * Higgins et al., "β-VAE: learning basic visual concepts with a constrained variational framework",
 * ICLR 2017: one element at a time goes through a range while the others stay.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { outOfRange, requireNumber, requirePositiveInteger, wrongType } from "../errors.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import { sizeOf, type Tensor } from "../types.ts";

/** Options of {@linkcode traverse}. */
export interface TraverseOptions {
  /**
   * Which elements, by their numbers from 0, counted along all axes of a latent.
   * @default all of them
   */
  readonly dimensions?: readonly number[];
  /**
   * The first value.
   * @default -3
   */
  readonly from?: number;
  /**
   * The last value.
   * @default 3
   */
  readonly to?: number;
  /**
   * How many values, evenly spaced, both ends among them; a single one is the first value.
   * @default 7
   */
  readonly steps?: number;
}

const NAMES = {
  dimensions: true,
  from: true,
  to: true,
  steps: true,
} satisfies OptionNames<TraverseOptions>;

/**
 * Copies of latents, in each of which one element has another value, for `model.decode`: what it does
 * to a datum. The range is in units of the latents, so that −3 … 3 is nearly all of a standard
 * normal prior.
 *
 * @param latents Where to start from `[B, …K]`.
 * @param options Which elements, and the values that they take.
 * @returns Latents `[B·dimensions·steps, …K]`: for each latent, for each dimension, all values.
 * @throws {RangeError} If there is no such dimension, the range is not finite, or `steps` is not a
 * positive integer.
 * @throws {TypeError} If the latents are no tensor `[B, …K]`, or an option is unknown.
 *
 * @example
 * ```ts
 * import { presets, traverse } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [6], latent: 2, hidden: [8] });
 * const pictures = tf.tidy(() => {
 *   const latents = traverse(tf.zeros([1, 2]), { steps: 3 });
 *   assert.deepEqual(latents.arraySync(), [[-3, 0], [0, 0], [3, 0], [0, -3], [0, 0], [0, 3]]);
 *   return model.decode(latents).mean;
 * });
 * assert.deepEqual(pictures.shape, [6, 6]);
 * pictures.dispose();
 * model.dispose();
 * ```
 */
export function traverse(latents: Tensor, options: TraverseOptions = {}): Tensor {
  requireOptions("traverse", options, NAMES);
  const { from = -3, to = 3, steps = 7 } = options;
  requireNumber("traverse", "from", from);
  requireNumber("traverse", "to", to);
  requirePositiveInteger("traverse", "steps", steps);
  if (!(latents instanceof tf.Tensor) || latents.rank < 2) {
    const shape = latents instanceof tf.Tensor ? latents.shape : latents;
    throw wrongType("traverse", "'latents' must be a tensor [B, …K]", shape);
  }
  const [rows, ...latent] = latents.shape as [number, ...number[]], width = sizeOf(latent);
  const { dimensions = Array.from({ length: width }, (_, i) => i) } = options;
  const unknown = dimensions.find((i) => !Number.isInteger(i) || i < 0 || i >= width);
  if (unknown !== undefined || dimensions.length === 0) {
    const requirement = `'dimensions' must be some of 0 … ${width - 1}`;
    throw outOfRange("traverse", requirement, unknown ?? dimensions);
  }
  return tf.tidy(() => {
    const values = Array.from(
      { length: steps },
      (_, i) => steps === 1 ? from : from + (to - from) * (i / (steps - 1)),
    );
    const changed = tf.tensor(
      dimensions.map((at) => Array.from({ length: width }, (_, i) => i === at)),
    );
    const copies = tf.where(
      tf.reshape(changed, [1, dimensions.length, 1, width]),
      tf.tensor(values, [1, 1, steps, 1]),
      tf.reshape(latents, [rows, 1, 1, width]),
    );
    return tf.reshape(copies, [rows * dimensions.length * steps, ...latent]);
  });
}
