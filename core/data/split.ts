/**
 * Training, validation and test parts of a dataset.
 *
 * @module
 */
import { outOfRange, requirePositiveInteger } from "../errors.ts";
import { permutation, type Seed, seed as toSeed } from "../random.ts";
import type { Support } from "../support.ts";
import type { ArrayDataset } from "./dataset.ts";

/**
 * Splits a dataset into parts of given sizes, at random.
 *
 * @param data The dataset.
 * @param sizes The number of rows of every part, by name; together no more than there are.
 * @param options The seed that decides which row goes where.
 * @returns The parts by name. No row is in two of them.
 * @throws {RangeError} If a size is not a positive integer, or they exceed the dataset.
 *
 * @example
 * ```ts
 * import { dataset, split } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const data = dataset([[1], [2], [3], [4], [5]], { support: "real" });
 * const { train, test } = split(data, { train: 4, test: 1 }, { seed: 0 });
 * assert.deepEqual([train.size, test.size], [4, 1]);
 * ```
 */
export function split<S extends Support, Part extends string>(
  data: ArrayDataset<S>,
  sizes: Readonly<Record<Part, number>>,
  { seed }: { readonly seed: number | Seed },
): Record<Part, ArrayDataset<S>> {
  const parts = Object.entries<number>(sizes);
  for (const [name, size] of parts) {
    requirePositiveInteger("split data", name, size);
  }
  const wanted = parts.reduce((sum, [, size]) => sum + size, 0);
  if (wanted > data.size) {
    throw outOfRange("split data", `the parts must not exceed its ${data.size} rows`, wanted);
  }
  const order = permutation(toSeed(seed).split("split"), data.size);
  let start = 0;
  return Object.fromEntries(
    parts.map(([name, size]) => [name, data.subset(order.subarray(start, start += size))]),
  ) as Record<Part, ArrayDataset<S>>;
}
