/**
 * The contract of schedules: numbers that change as training goes on.
 *
 * @module
 */
import type { Progress } from "./context.ts";
import { isPlugin, type Plugin } from "./plugin.ts";

/** A number as a function of progress. */
export interface Schedule extends Plugin {
  /** It is a schedule. */
  readonly kind: "schedule";
  /** The number at that moment. */
  readonly at: (progress: Progress) => number;
}

/**
 * Reads a number that may be scheduled, and checks it: a plain number now, and what a schedule says at
 * every moment that it is read.
 *
 * @param value A number or a schedule of them.
 * @param check Throws where a number is out of its range.
 */
export function checked(
  value: number | Schedule,
  check: (value: number) => void,
): (progress: Progress) => number {
  const isSchedule = isPlugin(value) && value.kind === "schedule";
  if (!isSchedule) check(value as number);
  return (progress) => {
    const now = valueAt(value, progress);
    check(now);
    return now;
  };
}

/** The number itself, or what the schedule says at that moment. */
export function valueAt(value: number | Schedule, progress: Progress): number {
  return typeof value === "number" ? value : value.at(progress);
}
