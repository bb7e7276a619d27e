/**
 * Datasets in memory out of sources.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";
import { requireOptions } from "../options.ts";
import type { Support } from "../support.ts";
import { type ArrayDataset, arrayDataset } from "./array_dataset.ts";
import { requireObserved } from "./dataset.ts";
import { openData, type PartName, SOURCE_NAMES, type SourceOptions } from "./open_data.ts";
import { reading } from "./place.ts";
import type { Source } from "./source.ts";

/** Room for so many numbers is made at first, where nobody knows how many will come. */
const FIRST = 1 << 16;

/** Room for numbers that grows with them, up to what is announced; it may be believed or not. */
function openRoom(expected: number, believed: boolean): {
  readonly add: (values: ArrayLike<number>) => void;
  readonly whole: () => Float32Array<ArrayBuffer>;
} {
  let values = new Float32Array(believed ? expected : Math.min(expected, FIRST));
  let length = 0;
  return {
    add: (more) => {
      if (length + more.length > values.length) {
        const wanted = Math.max(length + more.length, Math.min(2 * values.length, expected));
        const larger = new Float32Array(wanted);
        larger.set(values.subarray(0, length));
        values = larger;
      }
      values.set(more, length);
      length += more.length;
    },
    whole: () => length === values.length ? values : values.slice(0, length),
  };
}

/**
 * Reads a source into a dataset in memory.
 *
 * @param source The source.
 * @param options Support, scale, and what comes with the rows.
 * @returns The dataset.
 * @throws {RangeError} If the source is missing or damaged, has no rows, or a value lies outside the
 * support: it says which value, in which row.
 * @throws {TypeError} If what comes with the rows does not fit them, or an option is unknown.
 *
 * @example
 * ```ts
 * import { collect, sources } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const table = new TextEncoder().encode("height,weight\n1.8,81\n1.6,52\n");
 * const people = await collect(sources.csv(table), { support: "positive" });
 * assert.deepEqual([people.size, people.shape], [2, [2]]);
 * ```
 */
export async function collect<S extends Support, const T extends Support = S>(
  source: Source<S>,
  options: SourceOptions<T> = {},
): Promise<ArrayDataset<NoInfer<T>>> {
  requireOptions("collect data", options, SOURCE_NAMES);
  const data = await openData<S, T>(source, options), { parts, support, scale } = data;
  const rooms = parts.map((part) => ({
    part,
    // What can be read anywhere is as long as it says; what has to be unpacked may say anything.
    room: openRoom((data.size ?? Infinity) * part.width, data.block !== undefined),
  }));
  let size = 0;
  for await (const rows of data.read()) {
    for (const { part, room } of rooms) room.add(rows[part.name]!);
    size += rows.size;
  }
  if (size === 0) throw outOfRange(reading(data.name), "it must have at least one row", 0);
  const columns = Object.fromEntries(
    rooms.map(({ part, room }) =>
      [part.name, { values: room.whole(), shape: part.shape }] as const
    ),
  ) as { readonly [Name in PartName]: { values: Float32Array; shape: readonly number[] } };
  const { values } = columns.x;
  if (scale !== 1) { for (let i = 0; i < values.length; i++) values[i]! *= scale; }
  for (const part of parts) {
    const leaf = part.name === "x" ? support : part.name === "mask" ? "binary" : "real";
    const mask = part.name === "x" ? columns.mask?.values : undefined;
    data.requireInside(part, columns[part.name].values, leaf, mask, (row) => row);
  }
  if (columns.mask) requireObserved(reading(data.name), columns.mask.values, parts[0]!.width);
  return arrayDataset(columns, support);
}
