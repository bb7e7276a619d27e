/**
 * Errors that say what happened and what to do about it.
 *
 * @module
 */

/** An error for the visitor's eyes. */
export class Refusal extends Error {
  /** What to do about it. */
  readonly advice: string;

  /** Says what happened, and what to do about it. */
  constructor(happened: string, advice: string) {
    super(happened);
    this.name = "Refusal";
    this.advice = advice;
  }
}

/** Throws a {@linkcode Refusal}. */
export function refuse(happened: string, advice: string): never {
  throw new Refusal(happened, advice);
}
