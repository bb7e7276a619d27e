/**
 * A rule: what a law is made of before it is known how often it is checked, and from which seed.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { fc } from "./deps.ts";

/** The {@linkcode Statement.cost} of rules whose every case draws many samples. */
export const SAMPLED = 5;

/** What a rule says of itself. */
export interface Statement {
  /** What it is called. */
  readonly name: string;
  /** What must hold, in words. */
  readonly statement: string;
  /** How many ordinary cases one of its cases stands for, as it draws more: 1 unless told. */
  readonly cost?: number;
}

/** Where the cases of a rule come from. */
export interface Source<Drawn, Example> {
  /** What a case draws, asked when the law is checked, as a plugin may throw. */
  readonly cases: () => fc.Arbitrary<Drawn>;
  /** What a case stands for. Call it inside `tf.tidy`. */
  readonly of: (drawn: Drawn) => Example;
  /** Lets go of what `cases` has made. */
  readonly end?: () => void;
}

/** What must hold of every case. */
export interface Rule extends Statement, Omit<Source<unknown, unknown>, "of"> {
  /** Throws if the rule does not hold of a case. */
  readonly holds: (drawn: never, timeLimit: number) => void | Promise<void>;
}

/** A rule about what some cases stand for, each checked inside `tf.tidy`. */
export function ruleAbout<Drawn, Example>(
  { of, ...source }: Source<Drawn, Example>,
  statement: Statement,
  holds: (example: Example) => void,
): Rule {
  return { ...source, ...statement, holds: (drawn: Drawn) => tf.tidy(() => void holds(of(drawn))) };
}
