/**
 * Functions of numbers that JavaScript does not bring along.
 *
 * @module
 */

/** 1/(1 + e⁻ʸ), without overflow. */
export const sigmoid = (y: number): number =>
  y < 0 ? Math.exp(y) / (1 + Math.exp(y)) : 1 / (1 + Math.exp(-y));

/** log Γ(n/2) for whole n. */
export function logGammaOfHalf(n: number): number {
  let sum = n % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  for (let k = n - 2; k > 0; k -= 2) sum += Math.log(k / 2);
  return sum;
}
