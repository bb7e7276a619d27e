/**
 * The batches of a source, row by row, before they are tensors.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";
import { permutation, type Seed } from "../random.ts";
import type { Categories, Support } from "../support.ts";
import {
  type BatchOptions,
  requireObserved,
  type RowMap,
  type Standardization,
} from "./dataset.ts";
import type { OpenData, PartName } from "./open_data.ts";
import { reading } from "./place.ts";
import { copyRow, openShuffleBuffer, type Take } from "./shuffle_buffer.ts";

/** What becomes of rows after they were read. */
export interface View<S extends Support> {
  readonly support: S;
  readonly categories?: Categories | undefined;
  readonly start: number;
  readonly end: number;
  readonly keep: readonly ((row: number) => boolean)[];
  readonly maps: readonly RowMap[];
  readonly standardization?: Standardization | undefined;
}

/** The rows of a batch before it is made of tensors. */
export type HostBatch = { readonly [Name in PartName]?: Float32Array };

/** The rows of a view. */
export interface HostBatches {
  /** The number of rows, where the source knows its own; counted one by one where functions choose. */
  readonly count: () => number | undefined;
  /** The rows of one epoch. */
  readonly read: (options: BatchOptions) => AsyncGenerator<HostBatch>;
}

/**
 * Opens the batches of a view.
 *
 * @param data The source.
 * @param shuffleBuffer How many rows wait in the buffer.
 * @param shown What becomes of its rows.
 */
export function hostBatches<S extends Support>(
  data: OpenData<Support>,
  shuffleBuffer: number | undefined,
  shown: View<S>,
): HostBatches {
  const { parts, block, scale } = data, { support, keep, maps } = shown;
  const x = parts[0]!;
  const action = reading(data.name);
  const end = Math.min(shown.end, data.size ?? Infinity);

  const isKept = (row: number): boolean =>
    row >= shown.start && row < end && keep.every((keeps) => keeps(row));

  /** The number of rows, which functions of their number have to be asked for one by one. */
  function count(): number | undefined {
    if (end === Infinity || data.size === undefined) return undefined;
    if (keep.length === 0) return Math.max(0, end - shown.start);
    let rows = 0;
    for (let row = shown.start; row < end; row++) if (isKept(row)) rows++;
    return rows;
  }

  /** The ranges in which rows are read: blocks in some order, or all of them in their own. */
  function rangesOf(seed: Seed | undefined, epoch: number, passed: number) {
    if (block === undefined) return undefined;
    const first = shown.start + passed;
    if (seed === undefined) return first < end ? [[first, end] as const] : [];
    const blocks = Math.ceil(Math.max(0, end - first) / block);
    return Array.from(permutation(seed.split(`blocks ${epoch}`), blocks), (number) => {
      const start = first + number * block;
      return [start, Math.min(start + block, end)] as const;
    });
  }

  /** Rows as they are read, each with the number of the first one. */
  async function* numbered(ranges: readonly (readonly [number, number])[] | undefined) {
    let range = 0, first = ranges?.[0]?.[0] ?? 0;
    for await (const rows of data.read(ranges)) {
      yield { rows, first };
      first += rows.size;
      if (ranges !== undefined && first === ranges[range]![1]) first = ranges[++range]?.[0] ?? 0;
      // To the end of the source, if need be: what stands behind its last row is seen there alone.
      if (ranges === undefined && first >= shown.end) return;
    }
  }

  /** Room for the rows of a batch. */
  function roomFor(rows: number): HostBatch {
    return Object.fromEntries(
      parts.map(({ name, width }) => [name, new Float32Array(rows * width)] as const),
    );
  }

  /** What was read, as a batch that was looked through. */
  function finish(numbers: Float64Array, rows: HostBatch, size: number, epoch: number): HostBatch {
    const cut = parts.map(({ name, width }) =>
      [name, rows[name]!.subarray(0, size * width)] as const
    );
    const batch: HostBatch = Object.fromEntries(cut);
    const numberOf = (row: number): number => numbers[row]!, values = batch.x!;
    if (scale !== 1) { for (let i = 0; i < values.length; i++) values[i]! *= scale; }
    for (const part of parts.slice(1)) {
      const leaf = part.name === "mask" ? "binary" : "real";
      data.requireInside(part, batch[part.name]!, leaf, undefined, numberOf);
    }
    if (batch.mask !== undefined) requireObserved(action, batch.mask, x.width, numberOf);
    data.requireInside(x, values, data.support, batch.mask, numberOf);
    if (maps.length === 0) return batch;
    for (let i = 0; i < size; i++) {
      const row = values.subarray(i * x.width, (i + 1) * x.width);
      for (const map of maps) map(row, numbers[i]!, epoch);
    }
    data.requireInside(x, values, support, batch.mask, numberOf);
    return batch;
  }

  async function* read(
    { size, seed, epoch = 0, start = 0 }: BatchOptions,
  ): AsyncGenerator<HostBatch> {
    // In their own order, rows that are passed over need not be read, if one knows which they are.
    const leaped = seed === undefined && block !== undefined && keep.length === 0
      ? start * size
      : 0;
    let passing = start * size - leaped, filled = 0, found = leaped > 0;
    const numbers = new Float64Array(size);
    let batch: HostBatch | undefined;
    const buffer = seed &&
      openShuffleBuffer(parts, seed.split(`shuffle ${epoch}`), shuffleBuffer);

    /** Puts a row into the batch, and says whether that is full. */
    const take: Take = (rows, at, number) => {
      if (passing > 0) {
        passing--;
        return false;
      }
      copyRow(parts, rows, at, batch ??= roomFor(Math.min(size, data.size ?? size)), filled);
      numbers[filled++] = number;
      return filled === size;
    };

    function full(): HostBatch {
      const whole = finish(numbers, batch!, filled, epoch);
      batch = undefined;
      filled = 0;
      return whole;
    }

    for await (const { rows, first } of numbered(rangesOf(seed, epoch, leaped))) {
      for (let i = 0; i < rows.size; i++) {
        const number = first + i;
        if (!isKept(number)) continue;
        found = true;
        const isFull = buffer === undefined
          ? take(rows, i, number)
          : buffer.exchange(rows, i, number, take);
        if (isFull) yield full();
      }
    }
    // What still waits leaves in a random order as well.
    while (buffer !== undefined && buffer.waiting() > 0) if (buffer.leave(take)) yield full();
    if (filled > 0) yield full();
    if (!found) throw outOfRange(action, "it must have at least one row", 0);
  }

  return { count, read };
}
