/**
 * Rows that a program makes or fetches itself.
 *
 * @module
 */
import { reading } from "../../core/data/place.ts";
import type { Source, SourceRows } from "../../core/data/source.ts";
import {
  flatten,
  isTypedArray,
  type NestedNumbers,
  type TypedArray,
} from "../../core/data/values.ts";
import { outOfRange, wrongType } from "../../core/errors.ts";
import { type Shape, sizeOf } from "../../core/types.ts";

/** The numbers of one row: a typed array, or nested lists of its shape. */
export type RowValues = TypedArray | NestedNumbers;

/** One row with what comes with it. */
export interface RowParts {
  /** Its values `[…D]`. */
  readonly x: RowValues;
  /** What it is conditioned on `[…C]`. */
  readonly condition?: RowValues;
  /** 1 where an entry was observed and 0 where it is missing `[…D]`. */
  readonly mask?: RowValues;
  /** A log size factor. */
  readonly offset?: number;
}

/** One row, alone or with what comes with it. */
export type Row = RowValues | RowParts;

/** What is to be known of rows before they come. */
export interface FromOptions {
  /** The shape of one row `[…D]`. */
  readonly shape: Shape;
  /** The shape of a condition `[…C]`, if there is one. */
  readonly condition?: Shape;
  /**
   * Whether rows have a mask.
   * @default false
   */
  readonly mask?: boolean;
  /**
   * Whether rows have an offset.
   * @default false
   */
  readonly offset?: boolean;
  /** The number of rows, where it is known. */
  readonly size?: number;
  /**
   * What errors call it.
   * @default "rows"
   */
  readonly name?: string;
}

/** Rows as they come; streams are not iterable in all browsers. */
async function* iterate<T>(
  rows: ReadableStream<T> | AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<T> {
  if (!("getReader" in rows)) return yield* rows;
  const reader = rows.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

function isValues(row: Row): row is RowValues {
  return Array.isArray(row) || isTypedArray(row);
}

/**
 * Rows out of any stream or iterable.
 *
 * @param open Opens it, anew for every epoch: with the same rows in the same order, if a run is to be
 * repeated or resumed.
 * @param options The shape of a row, and what comes with it.
 * @returns The source.
 *
 * @example
 * ```ts
 * import { collect, sources } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * async function* countdown() {
 *   for (let i = 3; i > 0; i--) yield [i, i * i];
 * }
 * const data = await collect(sources.from(countdown, { shape: [2] }), { support: "count" });
 * assert.equal(data.size, 3);
 * ```
 */
export function from(
  open: () => ReadableStream<Row> | AsyncIterable<Row> | Iterable<Row>,
  options: FromOptions,
): Source<"real"> {
  const { shape, condition, mask = false, offset = false, size, name = "rows" } = options;
  const action = reading(name);

  function numbers(part: string, values: RowValues | undefined, wanted: Shape, row: number) {
    const place = `${part} of row ${row}`, width = sizeOf(wanted);
    if (isTypedArray(values) && values.length === width) return Float32Array.from(values);
    if (Array.isArray(values)) return flatten(action, place, values, wanted);
    const requirement = `'${place}' must be numbers of shape [${wanted.join(", ")}]`;
    throw wrongType(action, requirement, isTypedArray(values) ? [values.length] : values);
  }

  async function* read(): AsyncGenerator<SourceRows> {
    let row = 0;
    for await (const next of iterate(open())) {
      const parts: RowParts = isValues(next) ? { x: next } : next;
      if (typeof parts !== "object" || parts === null) {
        throw wrongType(action, `row ${row} must be numbers, or a record with 'x'`, parts);
      }
      const declared = { condition: condition !== undefined, mask, offset };
      for (const [part, wanted] of Object.entries(declared)) {
        if ((parts[part as keyof RowParts] !== undefined) === wanted) continue;
        const rule = wanted ? "must come with every row" : "must be announced beside 'shape'";
        throw outOfRange(action, `'${part}' ${rule}`, `row ${row}`);
      }
      yield {
        size: 1,
        x: numbers("x", parts.x, shape, row),
        condition: condition && numbers("condition", parts.condition, condition, row),
        mask: mask ? numbers("mask", parts.mask, shape, row) : undefined,
        offset: offset ? Float32Array.of(Number(parts.offset)) : undefined,
      };
      row++;
    }
    if (size !== undefined && row !== size) {
      throw outOfRange(action, `it must have ${size} rows`, row);
    }
  }

  return {
    kind: "source",
    name,
    support: "real",
    open: () => Promise.resolve({ shape, condition, mask, offset, size, read }),
  };
}
