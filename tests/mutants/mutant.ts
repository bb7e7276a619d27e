/**
 * Mutants: plugins with one believable bug each, which the laws have to catch.
 *
 * @module
 */
import type { Law, LawOptions } from "../laws/mod.ts";

/** A plugin with a bug. */
export interface Mutant {
  /** What is wrong with it, in words. */
  readonly bug: string;
  /** The laws that it is held to. */
  readonly laws: (options?: LawOptions) => readonly Law[];
}

/** A plugin without a bug, made of what the mutants are made of. */
export interface Sound {
  /** What it is. */
  readonly name: string;
  /** The laws that it is held to. */
  readonly laws: (options?: LawOptions) => readonly Law[];
}

/** The mutants of one kind of plugin, and what they are mutants of. */
export interface Suite {
  /** What they are mutants of. */
  readonly name: string;
  /** Those that have to keep all laws: else, that a mutant breaks one says nothing. */
  readonly sound: readonly Sound[];
  /** Those that have to break one. */
  readonly mutants: readonly Mutant[];
}
