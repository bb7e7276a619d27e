/**
 * Which rows are for what.
 *
 * @module
 */
import { permutation } from "../../../core/random.ts";
import { seed } from "../../../mod.ts";

/** At random, a tenth each to validate and to test with, at most 1,000 rows; the rest to train on. */
export function partRows(
  size: number,
): { readonly [part in "train" | "validation" | "test"]: Uint32Array } {
  const order = permutation(seed(0).split("parts"), size);
  const tenth = Math.min(1000, Math.floor(size / 10));
  return {
    test: order.subarray(0, tenth),
    validation: order.subarray(tenth, 2 * tenth),
    train: order.subarray(2 * tenth),
  };
}

/** How many test data are evaluated at most, how many at once, with how many draws of each latent. */
export const EVALUATION = { rows: 200, batchSize: 20, importanceSamples: 100 } as const;
