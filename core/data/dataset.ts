/**
 * Data that a model can be trained on: rows with a shape and a support, in batches.
 *
 * @module
 */
import { outOfRange, requirePositiveInteger } from "../errors.ts";
import type { Seed } from "../random.ts";
import type { Categories, Support } from "../support.ts";
import type { Batch, Shape } from "../types.ts";

/** How the rows of a dataset are put into batches. */
export interface BatchOptions {
  /** B, the rows of a batch; the last one may have fewer. */
  readonly size: number;
  /** Shuffles the rows, differently in each epoch; in their own order without it. */
  readonly seed?: Seed;
  /** The epoch, from 0. */
  readonly epoch?: number;
  /** How many batches of that epoch to pass over, as they were taken before: 0 unless told. */
  readonly start?: number;
}

/** What to take away from each entry of a datum, and what to divide it by then. */
export interface Standardization {
  /** The mean of each entry, in the order of a row; 0 for those that are not real. */
  readonly mean: readonly number[];
  /** The standard deviation of each entry; 1 for those that are not real, or constant. */
  readonly scale: readonly number[];
}

/** Data as the training loop sees it: batches in some order, again for every epoch. */
export interface Dataset<out S extends Support = Support> {
  /** The support of the values. */
  readonly support: S;
  /** How many classes the values are codes of, where that is known before they are read. */
  readonly categories?: Categories | undefined;
  /** The shape of one datum `[…D]`. */
  readonly shape: Shape;
  /** The shape of a condition `[…C]`, if there is one. */
  readonly condition?: Shape | undefined;
  /** The number of rows of an epoch, where that is known before they are read. */
  readonly size: number | undefined;
  /** What the values were standardized by, if they were. */
  readonly standardization?: Standardization | undefined;
  /** The rows of one epoch, batch by batch. Whoever takes a batch disposes its tensors. */
  readonly batches: (options: BatchOptions) => AsyncIterable<Batch>;
}

/**
 * Changes the values of one row in place. It is told which row of the whole data it is, and the
 * epoch, so that it can be random and yet the same whenever the row is read.
 */
export type RowMap = (values: Float32Array, row: number, epoch: number) => void;

/** What is known of a {@linkcode RowMap}. */
export interface MapOptions {
  /**
   * Whether it leaves the codes of classes as they are.
   * @default false
   */
  readonly keepsCategories?: boolean;
  /** What it standardizes by, if it does. */
  readonly standardization?: Standardization | undefined;
}

/** Throws unless rows can be put into batches as one is asked to. */
export function requireBatches({ size, start = 0 }: BatchOptions): void {
  requirePositiveInteger("read batches", "size", size);
  if (Number.isSafeInteger(start) && start >= 0) return;
  throw outOfRange("read batches", "'start' must be a non-negative integer", start);
}

/** Throws at the first row of a mask in which everything is missing. */
export function requireObserved(
  action: string,
  mask: Float32Array,
  width: number,
  numberOf: (row: number) => number = (row) => row,
): void {
  for (let start = 0; start < mask.length; start += width) {
    const row = mask.subarray(start, start + width);
    if (row.includes(1)) continue;
    const number = numberOf(start / width);
    throw outOfRange(action, `'mask' must have a 1 in row ${number}`, Array.from(row));
  }
}
