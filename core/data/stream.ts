/**
 * Datasets that are read while they are used, and never lie in memory as a whole.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { outOfRange, requirePositiveInteger } from "../errors.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import { permutation, type Seed } from "../random.ts";
import { requireSupport, type Support } from "../support.ts";
import type { Batch } from "../types.ts";
import {
  type BatchOptions,
  type Dataset,
  type MapOptions,
  requireBatches,
  requireObserved,
  type RowMap,
  type Standardization,
} from "./dataset.ts";
import {
  type OpenData,
  openData,
  type PartName,
  SOURCE_NAMES,
  type SourceOptions,
} from "./open_data.ts";
import { reading } from "./place.ts";
import { prefetch } from "./prefetch.ts";
import { copyRow, openShuffleBuffer, type Take } from "./shuffle_buffer.ts";
import type { Source } from "./source.ts";

/** How a source is streamed. */
export interface StreamOptions<S extends Support> extends SourceOptions<S> {
  /**
   * How many rows wait in the buffer out of which the next one is drawn at random.
   * @default as many as 64 MiB hold, and 16,384 at most
   */
  readonly shuffleBuffer?: number | undefined;
  /**
   * How many batches are read ahead while one is used.
   * @default 2
   */
  readonly prefetch?: number | undefined;
}

const NAMES = {
  shuffleBuffer: true,
  prefetch: true,
  ...SOURCE_NAMES,
} satisfies OptionNames<StreamOptions<Support>>;

/** A dataset whose rows are read anew in every epoch. */
export interface StreamDataset<out S extends Support = Support> extends Dataset<S> {
  /**
   * The same rows with other values, computed as they are read, and checked against their support.
   * Rows bear their number in the source.
   */
  readonly mapped: <T extends Support>(
    support: T,
    map: RowMap,
    options?: MapOptions,
  ) => StreamDataset<T>;
  /**
   * The rows whose number in the source is at least `start` and below `end`, which is the number of
   * all rows unless told.
   */
  readonly range: (start: number, end?: number) => StreamDataset<S>;
  /** The rows of which a function of their number in the source says that they stay. */
  readonly where: (keep: (row: number) => boolean) => StreamDataset<S>;
}

/** What becomes of rows after they were read. */
interface View<S extends Support> {
  readonly support: S;
  readonly categories?: StreamDataset["categories"];
  readonly start: number;
  readonly end: number;
  readonly keep: readonly ((row: number) => boolean)[];
  readonly maps: readonly RowMap[];
  readonly standardization?: Standardization | undefined;
}

/** The rows of a batch before it is made of tensors. */
type HostBatch = { readonly [Name in PartName]?: Float32Array };

function view<S extends Support>(
  data: OpenData<Support>,
  options: { readonly shuffleBuffer: number | undefined; readonly prefetch: number },
  shown: View<S>,
): StreamDataset<S> {
  const { parts, block, scale } = data, { support, keep, maps } = shown;
  const x = parts[0]!, condition = parts.find(({ name }) => name === "condition");
  const action = reading(data.name);
  const end = Math.min(shown.end, data.size ?? Infinity);
  let counted: number | undefined;

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
      openShuffleBuffer(parts, seed.split(`shuffle ${epoch}`), options.shuffleBuffer);

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

  return {
    support,
    categories: shown.categories,
    standardization: shown.standardization,
    shape: x.shape,
    condition: condition?.shape,
    get size() {
      return counted ??= count();
    },
    async *batches(how) {
      requireBatches(how);
      for await (const rows of prefetch(read(how), options.prefetch)) {
        const tensors = parts.map(({ name, shape, width }) => {
          const values = rows[name]!;
          return [name, tf.tensor(values, [values.length / width, ...shape])] as const;
        });
        yield Object.fromEntries(tensors) as unknown as Batch;
      }
    },
    mapped: (support, map, { keepsCategories = false, standardization } = {}) => {
      requireSupport("map rows", support, x.shape);
      const categories = keepsCategories ? shown.categories : undefined;
      return view(data, options, {
        ...shown,
        support,
        categories,
        maps: [...maps, map],
        standardization: standardization ?? shown.standardization,
      });
    },
    range: (start, end = Infinity) => {
      const whole = (value: number) => Number.isInteger(value) && value >= 0;
      if (!whole(start) || !whole(end) && end !== Infinity || start >= end) {
        throw outOfRange("choose rows", "'start' must be an integer below 'end'", [start, end]);
      }
      return view(data, options, {
        ...shown,
        start: Math.max(start, shown.start),
        end: Math.min(end, shown.end),
      });
    },
    where: (keeps) => view(data, options, { ...shown, keep: [...keep, keeps] }),
  };
}

/**
 * A dataset that is read from a source anew in every epoch, batch after batch, and is never in memory
 * as a whole: what takes room is the shuffle buffer, and the batches that are read ahead.
 *
 * Shuffled, the blocks of a file that can be read anywhere come in a random order, and its rows leave
 * the buffer at random. A packed file, a URL or a stream is read from its beginning, so that the
 * buffer alone shuffles: such files must not be sorted.
 *
 * @param source The source.
 * @param options Support, scale, what comes with the rows, and the sizes of the buffers.
 * @returns The dataset. It opens its source once to see the shapes, and in every epoch again.
 * @throws {RangeError} If the source is missing or damaged, or an option is out of its range. Reading
 * it throws as well, at the first value outside the support: it says which value, in which row.
 * @throws {TypeError} If what comes with the rows does not fit them, or an option is unknown.
 *
 * @example
 * ```ts
 * import { sources, stream } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * // Two rows of three bytes; as a rule this is "train-images-idx3-ubyte".
 * const file = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 255, 255, 0, 102);
 * const grey = await stream(sources.idx(file), { support: "unit", scale: 1 / 255 });
 * for await (const { x } of grey.batches({ size: 2 })) {
 *   assert.deepEqual(x.shape, [2, 3]);
 *   x.dispose();
 * }
 * ```
 */
export async function stream<S extends Support, const T extends Support = S>(
  source: Source<S>,
  options: StreamOptions<T> = {},
): Promise<StreamDataset<NoInfer<T>>> {
  requireOptions("stream data", options, NAMES);
  const { shuffleBuffer, prefetch: ahead = 2 } = options;
  if (shuffleBuffer !== undefined) {
    requirePositiveInteger("stream data", "shuffleBuffer", shuffleBuffer);
  }
  if (!Number.isInteger(ahead) || ahead < 0) {
    throw outOfRange("stream data", "'prefetch' must be a non-negative integer", ahead);
  }
  const data = await openData<S, T>(source, options);
  return view(data, { shuffleBuffer, prefetch: ahead }, {
    support: data.support,
    categories: data.categories,
    start: 0,
    end: Infinity,
    keep: [],
    maps: [],
  });
}
