/**
 * What a reader of files is to the torture: something that is given bytes.
 *
 * @module
 */
import type { fc } from "../laws/deps.ts";

/** Bytes for a reader, and the valid file that they were made of. */
export interface Input {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The place of that file among the seeds of the reader; 0 where there is none. */
  readonly seed: number;
}

/** A reader under torture. */
export interface Reader {
  /** What it reads. */
  readonly name: string;
  /** Valid files, small ones: what is mutated. */
  readonly seeds: readonly Uint8Array<ArrayBuffer>[];
  /** What its files are made of: to be put in where it does not belong. */
  readonly tokens?: readonly string[];
  /** Inputs that know the format, beside those that know nothing. */
  readonly inputs?: fc.Arbitrary<Input>;
  /**
   * Reads, and lets go of what it has read. What it throws must be a RangeError or a TypeError in
   * our words.
   */
  readonly read: (input: Input) => void | Promise<void>;
  /** How many tensors there are, which reading must not change. */
  readonly left?: () => number;
  /**
   * How many bytes it may allocate in typed arrays for a file of some size.
   * @default 1 MiB and 64 bytes for each byte of the file
   */
  readonly allowance?: (size: number) => number;
}
