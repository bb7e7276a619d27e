/**
 * Grey values made binary, by a threshold or at random.
 *
 * @module
 */
import { outOfRange, requireNumber } from "../errors.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import { randomWords, type Seed, seed as toSeed, toUnit } from "../random.ts";
import type { ArrayDataset } from "./array_dataset.ts";
import type { StreamDataset } from "./stream.ts";

/** How grey values are made binary. */
export type Binarization =
  | {
    /** 1 above this value and 0 up to it. */
    readonly threshold: number;
    readonly seed?: never;
  }
  | {
    /** 1 with the value as its probability, drawn anew in every epoch from this seed. */
    readonly seed: number | Seed;
    readonly threshold?: never;
  };

const NAMES = { threshold: true, seed: true } satisfies OptionNames<Binarization>;

/**
 * Makes values between 0 and 1 binary.
 *
 * Random binarization follows Salakhutdinov and Murray, "On the quantitative analysis of deep
 * belief networks", ICML 2008, §5, anew in every epoch. A row is the same whenever it is read in
 * one epoch, whatever the order of the rows.
 *
 * @param data The grey values.
 * @param how By a `threshold`, or at random with a `seed`.
 * @returns The same rows, of support `"binary"`.
 * @throws {RangeError} If the threshold is not a finite number, or there is a seed beside it.
 * @throws {TypeError} If an option is unknown.
 *
 * @example
 * ```ts
 * import { binarize, dataset } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const grey = dataset([[0.2, 0.7]], { support: "unit" });
 * const { x } = binarize(grey, { threshold: 0.5 }).rows([0]);
 * assert.deepEqual(x.arraySync(), [[0, 1]]);
 * x.dispose();
 * ```
 */
export function binarize(
  data: ArrayDataset<"unit" | "binary">,
  how: Binarization,
): ArrayDataset<"binary">;
/** Makes the values of a stream binary as they are read, with the same bits as in memory. */
export function binarize(
  data: StreamDataset<"unit" | "binary">,
  how: Binarization,
): StreamDataset<"binary">;
export function binarize(
  data: ArrayDataset<"unit" | "binary"> | StreamDataset<"unit" | "binary">,
  how: Binarization,
): ArrayDataset<"binary"> | StreamDataset<"binary"> {
  requireOptions("binarize", how, NAMES);
  const { threshold } = how;
  if (threshold !== undefined) {
    if (how.seed !== undefined) {
      throw outOfRange("binarize", "'threshold' and 'seed' must not both be given", "both");
    }
    requireNumber("binarize", "threshold", threshold);
    return data.mapped("binary", (values) => {
      for (let i = 0; i < values.length; i++) {
        values[i] = values[i]! > threshold ? 1 : 0;
      }
    });
  }
  const seed = toSeed(how.seed).split("binarize");
  return data.mapped("binary", (values, row, epoch) => {
    // An even number of words for each row, as a generator's block is two words.
    const width = values.length + (values.length & 1);
    const words = randomWords(seed.split(`epoch ${epoch}`), width, row * width);
    for (let i = 0; i < values.length; i++) {
      values[i] = toUnit(words[i]!) < values[i]! ? 1 : 0;
    }
  });
}
