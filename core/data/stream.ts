/**
 * Datasets that are read while they are used, and never lie in memory as a whole.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { outOfRange, requirePositiveInteger } from "../errors.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import { requireSupport, type Support } from "../support.ts";
import type { Batch } from "../types.ts";
import { type Dataset, type MapOptions, requireBatches, type RowMap } from "./dataset.ts";
import { hostBatches, type View } from "./host_batches.ts";
import { type OpenData, openData, SOURCE_NAMES, type SourceOptions } from "./open_data.ts";
import { prefetch } from "./prefetch.ts";
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

function view<S extends Support>(
  data: OpenData<Support>,
  options: { readonly shuffleBuffer: number | undefined; readonly prefetch: number },
  shown: View<S>,
): StreamDataset<S> {
  const { parts } = data, { support, keep, maps } = shown;
  const x = parts[0]!, condition = parts.find(({ name }) => name === "condition");
  const { count, read } = hostBatches(data, options.shuffleBuffer, shown);
  let counted: number | undefined;

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
