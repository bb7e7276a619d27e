/**
 * The contract of schedules: numbers that change as training goes on.
 *
 * @module
 */
import type { Progress } from "./context.ts";
import type { Plugin } from "./plugin.ts";

/** A number as a function of progress. */
export interface Schedule extends Plugin {
  /** It is a schedule. */
  readonly kind: "schedule";
  /** The number at that moment. */
  readonly at: (progress: Progress) => number;
}

/** The number itself, or what the schedule says at that moment. */
export function valueAt(value: number | Schedule, progress: Progress): number {
  return typeof value === "number" ? value : value.at(progress);
}
