/**
 * The contract of sources: rows of numbers that lie somewhere else, and are read once in an epoch.
 *
 * @module
 */
import type { Categories, Support } from "../support.ts";
import type { Shape } from "../types.ts";
import type { TypedArray } from "./values.ts";

/** Some rows as they were read, one after the other; each part always in arrays of the same type. */
export interface SourceRows {
  /** How many rows they are. */
  readonly size: number;
  /** Their values, `size` times `[…D]`. */
  readonly x: TypedArray;
  /** What each is conditioned on, `size` times `[…C]`. */
  readonly condition?: TypedArray | undefined;
  /** 1 where an entry was observed and 0 where it is missing, `size` times `[…D]`. */
  readonly mask?: TypedArray | undefined;
  /** Log size factors, `size` numbers. */
  readonly offset?: TypedArray | undefined;
}

/** What is known of a source before its rows are read. */
export interface SourceContents {
  /** The shape of one row `[…D]`. */
  readonly shape: Shape;
  /** The shape of a condition `[…C]`, if its rows have one. */
  readonly condition?: Shape | undefined;
  /** Whether its rows have a mask. */
  readonly mask?: boolean | undefined;
  /** Whether its rows have an offset. */
  readonly offset?: boolean | undefined;
  /** The number of rows, where it is known. */
  readonly size?: number | undefined;
  /** How many classes the values are codes of, where that is known. */
  readonly categories?: Categories | undefined;
  /** The names of the entries of a row, where they have any. */
  readonly columns?: readonly string[] | undefined;
  /** How many rows are best read at once, where reading may begin at any row. */
  readonly block?: number | undefined;
  /**
   * The rows from some number up to another, range by range; all of them without ranges, which are
   * only given where `block` is. Arrays are the source's again when the next ones are asked for.
   */
  readonly read: (
    ranges?: Iterable<readonly [start: number, end: number]>,
  ) => AsyncIterable<SourceRows>;
}

/** Rows of numbers that lie somewhere else. They can be read again and again. */
export interface Source<out S extends Support = Support> {
  /** It is a source. */
  readonly kind: "source";
  /** What it is called in errors: the name of its file. */
  readonly name: string;
  /** The support of its values. */
  readonly support: S;
  /** Reads what is to be known before the rows. */
  readonly open: () => Promise<SourceContents>;
}
