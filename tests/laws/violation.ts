/**
 * What is thrown where a law does not hold, and the comparisons that throw it.
 *
 * @module
 */
import { sameShape, type Shape, type Tensor } from "../../core/types.ts";

/** A law does not hold: what was expected, and what was seen. */
export class Violation extends Error {
  /** @param expected What was expected. @param seen What was seen. */
  constructor(readonly expected: string, readonly seen: string) {
    super(`expected ${expected}, saw ${seen}`);
    this.name = "Violation";
  }
}

/** A plugin did not come back. */
export class TooLong extends Violation {}

/** How far apart two numbers may be: by `absolute + relative · |expected|`. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative?: number;
}

/** What float32 may lose in a sum of some terms. */
export const ROUNDING: Tolerance = { absolute: 1e-4, relative: 1e-4 };

/** A number as it is printed. */
export function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

/** Throws unless something is true. */
export function requireThat(condition: boolean, expected: string, seen: unknown): void {
  if (!condition) throw new Violation(expected, String(seen));
}

/** Throws unless a tensor has a shape. */
export function requireShape(what: string, tensor: Tensor | undefined, shape: Shape): void {
  const found = tensor?.shape;
  if (found !== undefined && sameShape(found, shape)) return;
  throw new Violation(
    `${what} of shape [${shape.join(", ")}]`,
    found === undefined ? String(tensor) : `shape [${found.join(", ")}]`,
  );
}

/** Throws at the first number that is not finite. */
export function requireFinite(what: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new Violation(`${what} to be finite`, `${values[i]} at position ${i}`);
  }
}

/** Throws at the first number that is too far from the expected one, or is NaN. */
export function requireClose(
  what: string,
  seen: ArrayLike<number>,
  expected: ArrayLike<number>,
  { absolute, relative = 0 }: Tolerance,
): void {
  if (seen.length !== expected.length) {
    throw new Violation(`${expected.length} numbers as ${what}`, `${seen.length} numbers`);
  }
  for (let i = 0; i < expected.length; i++) {
    if (Number.isNaN(expected[i])) {
      throw new Violation(`a number as ${what}`, `NaN at position ${i}`);
    }
    const bound = Number.isFinite(expected[i]) ? absolute + relative * Math.abs(expected[i]!) : 0;
    // The first is true of two equal infinities too, whose difference is NaN.
    if (seen[i] === expected[i] || Math.abs(seen[i]! - expected[i]!) <= bound) continue;
    const where = expected.length === 1 ? "" : ` at position ${i}`;
    throw new Violation(
      `${what} to be ${shown(expected[i]!)} ± ${shown(bound)}${where}`,
      shown(seen[i]!),
    );
  }
}
