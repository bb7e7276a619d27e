/**
 * Numbers that are to agree up to rounding.
 *
 * @module
 */
import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import type { Tensor } from "../../core/types.ts";

/** Numbers to compare: a tensor, a list, or one number. */
export type Numbers = Tensor | ArrayLike<number> | number;

/** How far apart two numbers may be: by `absolute + relative · |expected|`. */
export interface Tolerance {
  /** @default 0 */
  readonly absolute?: number;
  /** @default 0 */
  readonly relative?: number;
}

function flat(numbers: Numbers): ArrayLike<number> {
  if (typeof numbers === "number") return [numbers];
  return numbers instanceof tf.Tensor ? numbers.dataSync() : numbers;
}

/** Throws at the first number that is too far from the expected one, or is NaN. */
export function assertClose(
  actual: Numbers,
  expected: Numbers,
  { absolute = 0, relative = 0 }: Tolerance,
): void {
  const found = flat(actual), wanted = flat(expected);
  assert.equal(found.length, wanted.length, "the number of numbers");
  for (let i = 0; i < wanted.length; i++) {
    const a = found[i]!, e = wanted[i]!;
    // Also true of two equal infinities, whose difference is NaN.
    if (a === e || Math.abs(a - e) <= absolute + relative * Math.abs(e)) continue;
    assert.fail(
      `at index ${i}: actual ${a}, expected ${e}, difference ${Math.abs(a - e)} ` +
        `(absolute tolerance ${absolute}, relative tolerance ${relative})`,
    );
  }
}
