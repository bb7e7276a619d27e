/**
 * Tables with named columns: which column means what, and cells as numbers.
 *
 * @module
 */
import { type Place, reading } from "../../core/data/place.ts";
import type { Source, SourceContents, SourceRows } from "../../core/data/source.ts";
import { outOfRange, wrongType } from "../../core/errors.ts";
import { nameOf } from "../../core/files/name.ts";
import type { Leaf } from "../../core/support.ts";

/**
 * What stands in a column: numbers of some support, or one of these words, whose place in the list
 * is its code.
 */
export type ColumnType = Leaf | readonly string[];

/** Columns by name: numbers all of them, or each with what stands in it. */
export type Columns = readonly string[] | { readonly [column: string]: ColumnType };

/** The support of some columns: one leaf for each where it was said, `"real"` for all else. */
export type ColumnsSupport<C extends Columns> = C extends readonly string[] ? "real"
  : { readonly [Name in keyof C]: C[Name] extends Leaf ? C[Name] : "category" };

/** Which columns of a table mean what. */
export interface TableOptions<C extends Columns> {
  /**
   * The data, column by column: their names, or a record of what stands in each, which makes the
   * support: `{ age: "count", kind: ["cat", "dog"] }`.
   * @default all columns that are no condition, no offset and not omitted, as real numbers
   */
  readonly columns?: C;
  /** The columns that are not read, where `columns` does not say which are. */
  readonly omit?: readonly string[] | undefined;
  /** What a row is conditioned on. Words become one-hot; numbers are taken as they are. */
  readonly condition?: Columns | undefined;
  /** The column of the log size factors. */
  readonly offset?: string | undefined;
}

/** How one column is read. */
interface Column {
  readonly name: string;
  readonly index: number;
  readonly words: ReadonlyMap<string, number> | undefined;
  readonly leaf: Leaf;
}

/** What is known of a table by its header, and how its cells become rows. */
export interface TablePlan {
  /** What its rows have. */
  readonly contents: Pick<
    SourceContents,
    "shape" | "condition" | "offset" | "categories" | "columns"
  >;
  /** The indices of all columns that are read. */
  readonly used: readonly number[];
  /** The cells of some rows, of which the first one has a number in the file. */
  readonly rows: (
    size: number,
    first: number,
    cell: (row: number, column: number) => unknown,
  ) => SourceRows;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** What people write where they have nothing to write. */
const LIKE_NOTHING = /^(?:|\?|-|na|n\/a|nan|null|none)$/i;

/** The support of columns as they were given. */
function supportOf<C extends Columns>(columns: C | undefined): ColumnsSupport<C> {
  const support = columns === undefined || isList(columns) ? "real" : Object.fromEntries(
    Object.entries<ColumnType>(columns)
      .map(([name, type]) => [name, typeof type === "string" ? type : "category"]),
  );
  return support as ColumnsSupport<C>;
}

function isList(columns: Columns): columns is readonly string[] {
  return Array.isArray(columns);
}

/**
 * Finds the columns of a table.
 *
 * @param name What the table is called in errors.
 * @param header The names of all its columns.
 * @param options Which mean what.
 * @param missing Whether a cell says that it is missing; undefined where none may.
 * @throws {RangeError} If a column is unknown or there are two of its name.
 */
export function planTable<C extends Columns>(
  name: string,
  header: readonly string[],
  options: TableOptions<C>,
  missing?: (cell: unknown) => boolean,
): TablePlan {
  const action = reading(name);

  function find(column: string, type: ColumnType = "real"): Column {
    const index = header.indexOf(column);
    if (index < 0) {
      throw outOfRange(action, `'${column}' must be one of its columns`, header);
    }
    if (header.lastIndexOf(column) !== index) {
      throw outOfRange(action, "the columns that are read must have names of their own", column);
    }
    if (typeof type === "string") return { name: column, index, words: undefined, leaf: type };
    const words = new Map(type.map((word, code) => [word, code]));
    if (words.size === type.length && type.length > 0) {
      return { name: column, index, words, leaf: "category" };
    }
    throw outOfRange(action, `the words of column '${column}' must be different ones`, type);
  }

  function findAll(columns: Columns): Column[] {
    return isList(columns)
      ? columns.map((column) => find(column))
      : Object.entries(columns).map(([column, type]) => find(column, type));
  }

  const condition = options.condition === undefined ? [] : findAll(options.condition);
  const offset = options.offset === undefined ? undefined : find(options.offset);
  const omitted = findAll(options.omit ?? []);
  const taken = [...omitted, ...condition, ...offset ? [offset] : []].map(({ name }) => name);
  const others = new Set(taken), rest = header.filter((column) => !others.has(column));
  const data = findAll(options.columns ?? rest);
  if (data.length === 0) throw outOfRange(action, "it must have columns of data", header);
  const widths = condition.map(({ words }) => words?.size ?? 1);
  const width = widths.reduce((sum, next) => sum + next, 0);

  /** The number in a cell; NaN if it is missing. */
  function read({ name: column, words, leaf }: Column, cell: unknown, row: number): number {
    const word = typeof cell === "string" ? cell.trim() : cell;
    if (missing?.(word)) return NaN;
    const place = `column '${column}'`;
    if (words !== undefined) {
      const code = words.get(String(word));
      if (code !== undefined) return code;
      const known = [...words.keys()].map((known) => `'${known}'`).join(", ");
      throw outOfRange(action, `${place} must be one of ${known} at row ${row}`, word);
    }
    if (typeof word === "number" && !Number.isNaN(word)) return word;
    if (typeof word === "bigint") return Number(word);
    if (typeof word === "boolean") return Number(word);
    if (typeof word === "string") {
      if (NUMBER.test(word)) return Number(word);
      if (leaf === "binary" && /^(?:true|false)$/i.test(word)) return Number(/t/i.test(word));
    }
    const nothing = word === null || word === undefined || Number.isNaN(word) ||
      typeof word === "string" && LIKE_NOTHING.test(word);
    const hint = nothing ? ", or 'missing' must say that it is none" : "";
    throw wrongType(action, `${place} must be a number at row ${row}${hint}`, word);
  }

  /** The number in a cell that may not be missing. */
  function readPresent(column: Column, cell: unknown, row: number): number {
    const value = read(column, cell, row);
    if (!Number.isNaN(value)) return value;
    throw outOfRange(action, `column '${column.name}' must not be missing at row ${row}`, cell);
  }

  const counts = data.filter(({ words }) => words !== undefined)
    .map(({ name, words }) => [name, words!.size] as const);
  return {
    contents: {
      shape: [data.length],
      condition: condition.length > 0 ? [width] : undefined,
      offset: offset !== undefined,
      categories: counts.length > 0 ? Object.fromEntries(counts) : undefined,
      columns: data.map(({ name }) => name),
    },
    used: [...data, ...condition, ...offset === undefined ? [] : [offset]]
      .map(({ index }) => index),
    rows: (size, first, cell) => {
      const x = new Float32Array(size * data.length);
      const mask = missing && new Uint8Array(x.length);
      const conditions = condition.length > 0 ? new Float32Array(size * width) : undefined;
      const offsets = offset && new Float32Array(size);
      for (let row = 0; row < size; row++) {
        for (let i = 0; i < data.length; i++) {
          const value = read(data[i]!, cell(row, data[i]!.index), first + row);
          x[row * data.length + i] = value;
          if (mask !== undefined) mask[row * data.length + i] = Number.isNaN(value) ? 0 : 1;
        }
        let at = row * width;
        for (const [i, column] of condition.entries()) {
          const value = readPresent(column, cell(row, column.index), first + row);
          if (column.words === undefined) conditions![at] = value;
          else conditions![at + value] = 1;
          at += widths[i]!;
        }
        if (offset === undefined) continue;
        offsets![row] = readPresent(offset, cell(row, offset.index), first + row);
      }
      return { size, x, condition: conditions, mask, offset: offsets };
    },
  };
}

/**
 * A table as a source.
 *
 * @param place Where it is.
 * @param options Which columns mean what.
 * @param open Opens it.
 */
export function tableSource<C extends Columns>(
  place: Place,
  { columns }: TableOptions<C>,
  open: () => Promise<SourceContents>,
): Source<ColumnsSupport<C>> {
  return { kind: "source", name: nameOf(place), support: supportOf(columns), open };
}
