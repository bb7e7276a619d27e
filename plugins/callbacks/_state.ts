/**
 * What a callback remembered, as it comes back from a file.
 *
 * @module
 */
import { outOfRange } from "../../core/errors.ts";
import { isRecord } from "../../core/files/json.ts";
import type { Json } from "../../core/types.ts";

/**
 * The numbers that a callback remembered, by name.
 *
 * @param callback The name of the callback.
 * @param state What came back.
 * @param names What it calls its numbers.
 * @param isValid Whether one is such as it writes them: a count unless told.
 * @throws {RangeError} If one is missing, or is none that it can have written.
 */
export function numbersIn<N extends string>(
  callback: string,
  state: Json,
  names: readonly N[],
  isValid: (value: number, name: N) => boolean = isCount,
): { readonly [Name in N]: number } {
  const record = isRecord(state) ? state : {};
  const wrong = names.find((name) => {
    const value = record[name];
    return typeof value !== "number" || !isValid(value, name);
  });
  if (wrong === undefined) return record as { readonly [Name in N]: number };
  const requirement = `'${wrong}' of callback '${callback}' must be as it was remembered`;
  throw outOfRange("resume", requirement, record[wrong]);
}

/** Whether a number is 0, 1, 2, … */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
