/**
 * Apache Parquet: tables stored column by column, in groups of rows.
 *
 * https://parquet.apache.org/docs/file-format
 *
 * @module
 */
import { openPlace, type Place, reading } from "../../core/data/place.ts";
import type { Source, SourceContents, SourceRows } from "../../core/data/source.ts";
import { lazy } from "../../core/deps.ts";
import { isRefusal, outOfRange } from "../../core/errors.ts";
import { nameOf } from "../../core/files/name.ts";
import {
  type Columns,
  type ColumnsSupport,
  planTable,
  type TableOptions,
  tableSource,
} from "./_table.ts";

/** Options of {@linkcode parquet}. */
export interface ParquetOptions<C extends Columns = readonly string[]> extends TableOptions<C> {
  /**
   * Whether null and NaN stand for an entry that is missing; else they are refused.
   * @default false
   */
  readonly missing?: boolean;
}

/** What is asked for some of the bytes of a file. */
interface AsyncBuffer {
  readonly byteLength: number;
  readonly slice: (start: number, end?: number) => Promise<ArrayBuffer>;
}

/** What is used of hyparquet. */
interface Hyparquet {
  readonly asyncBufferFromUrl: (options: { readonly url: string }) => Promise<AsyncBuffer>;
  readonly parquetMetadataAsync: (file: AsyncBuffer) => Promise<Metadata>;
  readonly parquetSchema: (metadata: Metadata) => Schema;
  readonly parquetScan: (options: {
    readonly file: AsyncBuffer;
    readonly metadata: Metadata;
    readonly columns: readonly string[];
    readonly compressors: unknown;
  }) => Promise<{
    readonly ranges: readonly { readonly rowStart: number; readonly rowEnd: number }[];
    readonly readColumn: (options: {
      readonly column: string;
      readonly rowStart: number;
      readonly rowEnd: number;
    }) => Promise<ArrayLike<unknown>>;
  }>;
}

interface Metadata {
  readonly num_rows: bigint;
}

interface Schema {
  readonly children: readonly {
    readonly children: readonly unknown[];
    readonly element: { readonly name: string; readonly repetition_type?: string };
  }[];
}

/** The rows that are handed on at once. */
const BLOCK = 1024;

/** The bytes of a file wherever they are asked for; those of a URL by requests for ranges. */
async function bufferOf(place: Place, { asyncBufferFromUrl }: Hyparquet): Promise<AsyncBuffer> {
  const url = place instanceof URL ? place.href : place;
  if (typeof url === "string" && /^https?:/i.test(url)) return await asyncBufferFromUrl({ url });
  const file = await openPlace(place), { size } = file;
  if (size === undefined) {
    throw outOfRange(reading(file.name), "Parquet must not be packed as a whole", "gzip");
  }
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const reader = await file.open(), bytes = new Uint8Array(Math.max(0, end - start));
      try {
        await reader.seek(start);
        return bytes.buffer.slice(0, await reader.fill(bytes));
      } finally {
        await reader.close();
      }
    },
  };
}

async function open<C extends Columns>(
  place: Place,
  options: ParquetOptions<C>,
): Promise<SourceContents> {
  const name = nameOf(place), action = reading(name);
  const hyparquet = await lazy.parquet() as unknown as Hyparquet;

  /** What the package does, with its errors in our words. */
  async function sound<T>(result: Promise<T>): Promise<T> {
    try {
      return await result;
    } catch (error) {
      if (isRefusal(error)) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw outOfRange(action, "it must be whole, and Parquet", message);
    }
  }

  const file = await sound(bufferOf(place, hyparquet));
  const metadata = await sound(hyparquet.parquetMetadataAsync(file));
  // Columns within columns, and lists, are no numbers.
  const header = hyparquet.parquetSchema(metadata).children
    .filter(({ children, element }) =>
      children.length === 0 && element.repetition_type !== "REPEATED"
    )
    .map(({ element }) => element.name);
  const { missing = false } = options, size = Number(metadata.num_rows);
  const isMissing = (cell: unknown): boolean =>
    cell === null || cell === undefined || Number.isNaN(cell);
  const plan = planTable(name, header, options, missing ? isMissing : undefined);
  if (size === 0) throw outOfRange(action, "it must have at least one row", 0);

  async function* read(): AsyncGenerator<SourceRows> {
    const columns = plan.used.map((index) => header[index]!);
    const { default: compressors } = await lazy.parquetCompressors() as {
      readonly default: unknown;
    };
    const scan = await sound(hyparquet.parquetScan({ file, metadata, columns, compressors }));
    let row = 0;
    for (const range of scan.ranges) {
      const cells = new Map<number, ArrayLike<unknown>>();
      const rows = range.rowEnd - range.rowStart;
      for (const [i, column] of columns.entries()) {
        const values = await sound(scan.readColumn({ column, ...range }));
        if (values.length !== rows) {
          throw outOfRange(action, `column '${column}' must have ${rows} rows`, values.length);
        }
        cells.set(plan.used[i]!, values);
      }
      for (let start = 0; start < rows; start += BLOCK) {
        const count = Math.min(BLOCK, rows - start);
        yield plan.rows(count, row, (next, column) => cells.get(column)![start + next]);
        row += count;
      }
    }
  }

  return { ...plan.contents, mask: missing, size, read };
}

/**
 * The rows of a Parquet file. One group of rows is in memory at a time; of a URL only the columns
 * that are wanted are fetched.
 *
 * @param place Where the file is: a path, a URL, a `Blob` or bytes.
 * @param options Which columns mean what, and whether entries may be missing.
 * @returns The source, whose support is that of its columns.
 *
 * @example
 * ```ts
 * import { sources } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const cells = sources.parquet("cells.parquet", {
 *   columns: { CD3: "count", CD19: "count" },
 *   condition: { donor: ["a", "b"] },
 * });
 * assert.deepEqual(cells.support, { CD3: "count", CD19: "count" });
 * ```
 */
export function parquet<const C extends Columns = readonly string[]>(
  place: Place,
  options: ParquetOptions<C> = {},
): Source<ColumnsSupport<C>> {
  return tableSource(place, options, () => open(place, options));
}
