/**
 * The buffer that shuffles rows which come one after the other: where there is no more room, one of
 * those that wait leaves at random, and the next one takes its place.
 *
 * @module
 */
import { randomWords, type Seed } from "../random.ts";
import type { Part, PartName } from "./open_data.ts";
import type { SourceRows } from "./source.ts";
import type { TypedArray } from "./values.ts";

/** The parts of some rows, one row after the other. */
export type StoredRows = { readonly [Name in PartName]?: TypedArray | undefined };

/** Is given a row that leaves, and says something of it. */
export type Take = (rows: StoredRows, at: number, number: number) => boolean;

/** A buffer of rows and of their numbers. */
export interface ShuffleBuffer {
  /** How many rows wait. */
  readonly waiting: () => number;
  /** Puts in a row. What is said of the one that leaves for it, and false if none has to. */
  readonly exchange: (rows: SourceRows, at: number, number: number, take: Take) => boolean;
  /** Lets one of those that wait go. */
  readonly leave: (take: Take) => boolean;
}

/** The default size of a buffer, in bytes and in rows. */
const BYTES = 1 << 26, ROWS = 1 << 14;

/** The rows that a buffer begins with: it is only as large as the data are. */
const FIRST_ROWS = 256;

/** Copies a row from one place to another. */
export function copyRow(
  parts: readonly Part[],
  from: StoredRows,
  i: number,
  to: StoredRows,
  j: number,
): void {
  for (const { name, width } of parts) {
    const source = from[name]!, target = to[name]!;
    if (width === 1) target[j] = source[i]!;
    else target.set(source.subarray(i * width, (i + 1) * width), j * width);
  }
}

/** An array of the same type for other numbers. */
function sameType(values: TypedArray, length: number): TypedArray {
  return new (values.constructor as new (length: number) => TypedArray)(length);
}

/** The words of a seed, one after the other. */
function wordsOf(seed: Seed): () => number {
  const count = 1024;
  let from = 0, next = 0, words = randomWords(seed, count);
  return () => {
    if (next === count) {
      words = randomWords(seed, count, from += count);
      next = 0;
    }
    return words[next++]!;
  };
}

/**
 * Opens an empty buffer.
 *
 * @param parts What the rows are made of.
 * @param seed Decides who leaves.
 * @param size How many rows have room: by their size unless told.
 */
export function openShuffleBuffer(
  parts: readonly Part[],
  seed: Seed,
  size: number | undefined,
): ShuffleBuffer {
  const word = wordsOf(seed);
  let capacity = size, waiting = 0;
  let numbers = new Float64Array(0), store: StoredRows = {};

  const choose = (among: number): number => Math.floor(word() * 2 ** -32 * among);

  function capacityFor(rows: SourceRows): number {
    const bytes = parts.reduce(
      (sum, { name, width }) => sum + width * rows[name]!.BYTES_PER_ELEMENT,
      0,
    );
    return Math.max(1, Math.min(ROWS, Math.floor(BYTES / bytes)));
  }

  /** Makes room for more rows, with those that there are. */
  function grow(like: SourceRows, most: number): void {
    const wanted = Math.min(most, Math.max(2 * numbers.length, FIRST_ROWS));
    const larger = new Float64Array(wanted);
    larger.set(numbers);
    store = Object.fromEntries(parts.map(({ name, width }) => {
      const values = sameType(like[name]!, wanted * width), before = store[name];
      if (before !== undefined) values.set(before);
      return [name, values] as const;
    }));
    numbers = larger;
  }

  return {
    waiting: () => waiting,
    exchange: (rows, at, number, take) => {
      capacity ??= capacityFor(rows);
      let slot = waiting, said = false;
      if (waiting < capacity) {
        if (waiting === numbers.length) grow(rows, capacity);
        waiting++;
      } else {
        slot = choose(capacity);
        said = take(store, slot, numbers[slot]!);
      }
      copyRow(parts, rows, at, store, slot);
      numbers[slot] = number;
      return said;
    },
    leave: (take) => {
      const slot = choose(waiting--), said = take(store, slot, numbers[slot]!);
      copyRow(parts, store, waiting, store, slot);
      numbers[slot] = numbers[waiting]!;
      return said;
    },
  };
}
