/**
 * c₀ + c₁x + c₂x² + …
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";

/**
 * A polynomial, by Horner's rule.
 *
 * @param x Any numbers, of any shape.
 * @param coefficients c₀, c₁, …: two or more.
 * @returns Its values, of that shape.
 */
export function polynomial(x: Tensor, coefficients: readonly number[]): Tensor {
  const [last, ...others] = coefficients.toReversed() as [number, number, ...number[]];
  const [next, ...rest] = others as [number, ...number[]];
  return rest.reduce<Tensor>(
    (sum, coefficient) => tf.add(tf.mul(sum, x), coefficient),
    tf.add(tf.mul(x, last), next),
  );
}
