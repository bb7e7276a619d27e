/**
 * Training, validation and test parts of a dataset.
 *
 * @module
 */
import { outOfRange, requireNumber, requirePositiveInteger } from "../errors.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import { permutation, randomWords, type Seed, seed as toSeed } from "../random.ts";
import type { Support } from "../support.ts";
import type { ArrayDataset } from "./array_dataset.ts";
import type { StreamDataset } from "./stream.ts";

/** How rows are spread over the parts. */
export interface SplitOptions {
  /** Decides which row goes where. */
  readonly seed: number | Seed;
}

/** The parts of a stream, between shares of all that a row's own number between 0 and 1 may be. */
function splitStream<S extends Support, Part extends string>(
  data: StreamDataset<S>,
  parts: readonly (readonly [string, number])[],
  seed: Seed,
): Record<Part, StreamDataset<S>> {
  for (const [name, share] of parts) {
    requireNumber("split data", name, share, { minimum: 0, open: true });
  }
  const whole = parts.reduce((sum, [, share]) => sum + share, 0);
  // Shares such as 0.7, 0.2 and 0.1 need not make 1 to the last bit.
  if (whole > 1 + 1e-9) throw outOfRange("split data", "the shares must not exceed 1", whole);
  let from = 0;
  return Object.fromEntries(parts.map(([name, share], i) => {
    const start = from, rest = i === parts.length - 1 && whole > 1 - 1e-9;
    const end = from = rest ? 1 : from + share;
    const keep = (row: number): boolean => {
      const place = randomWords(seed, 1, 2 * row)[0]! * 2 ** -32;
      return place >= start && place < end;
    };
    return [name, data.where(keep)];
  })) as Record<Part, StreamDataset<S>>;
}

/**
 * Splits a dataset into parts of given sizes, at random.
 *
 * @param data The dataset.
 * @param sizes The number of rows of every part, by name; together no more than there are.
 * @param options The seed that decides which row goes where.
 * @returns The parts by name. No row is in two of them.
 * @throws {RangeError} If a size is not a positive integer, or they exceed the dataset.
 * @throws {TypeError} If an option is unknown.
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
  options: SplitOptions,
): Record<Part, ArrayDataset<S>>;
/**
 * Splits a stream into parts that are shares of its rows, at random: each row goes where the seed and
 * its number say, so that the parts are about as large as they are said to be.
 *
 * @param data The stream.
 * @param shares The share of every part, by name: numbers above 0 that add up to at most 1.
 * @param options The seed that decides which row goes where.
 * @returns The parts by name. No row is in two of them, in any epoch.
 * @throws {RangeError} If a share is not above 0, or they add up to more than 1.
 * @throws {TypeError} If an option is unknown.
 *
 * @example
 * ```ts
 * import { sources, split, stream } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const rows = () => Array.from({ length: 100 }, (_, i) => [i]);
 * const data = await stream(sources.from(rows, { shape: [1], size: 100 }));
 * const { train, test } = split(data, { train: 0.8, test: 0.2 }, { seed: 0 });
 * assert.equal(train.size! + test.size!, 100);
 * ```
 */
export function split<S extends Support, Part extends string>(
  data: StreamDataset<S>,
  shares: Readonly<Record<Part, number>>,
  options: SplitOptions,
): Record<Part, StreamDataset<S>>;
export function split<S extends Support, Part extends string>(
  data: ArrayDataset<S> | StreamDataset<S>,
  sizes: Readonly<Record<Part, number>>,
  options: SplitOptions,
): Record<Part, ArrayDataset<S> | StreamDataset<S>> {
  requireOptions("split data", options, { seed: true } satisfies OptionNames<SplitOptions>);
  const { seed } = options;
  const parts = Object.entries<number>(sizes);
  if ("where" in data) return splitStream(data, parts, toSeed(seed).split("split"));
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
