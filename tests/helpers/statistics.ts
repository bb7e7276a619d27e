/**
 * Statistics of numbers that should be random, and the bounds that they are held to.
 *
 * Every statistic is read from a fixed seed, so that no run fails by chance. Each bound is the one
 * that sound numbers pass with another seed in all but 1 of 10,000 cases.
 *
 * @module
 */
import assert from "node:assert/strict";

/** Two-sided bound of a standard normal statistic. */
export const NORMAL_BOUND = 3.89;

/** Bound of {@linkcode kolmogorov}. */
export const KOLMOGOROV_BOUND = 2.23;

/** Bounds of {@linkcode chiSquare}, by the degrees of freedom: one less than there are counts. */
export const CHI_SQUARE_BOUND = { 23: 57.1, 99: 160.1, 255: 347.7 } as const;

/** The mean of some numbers. */
export function mean(values: Iterable<number>): number {
  let sum = 0, count = 0;
  for (const value of values) {
    sum += value;
    count++;
  }
  return sum / count;
}

/** The mean of (x − center)ᵖ. */
export function moment(values: Iterable<number>, power: number, center = 0): number {
  return mean(Iterator.from(values).map((value) => (value - center) ** power));
}

/** √n times the correlation of two lists: standard normal where they are independent. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const first = Array.from(a), second = Array.from(b);
  const meanA = mean(first), meanB = mean(second);
  const covariance = mean(first.map((value, i) => (value - meanA) * (second[i]! - meanB)));
  const variances = moment(first, 2, meanA) * moment(second, 2, meanB);
  return Math.sqrt(first.length / variances) * covariance;
}

/** √n times the largest gap between an empirical distribution function and the expected one. */
export function kolmogorov(
  values: ArrayLike<number>,
  distribution: (x: number) => number,
): number {
  const sorted = Float64Array.from(values).sort(), n = sorted.length;
  let gap = 0;
  sorted.forEach((value, i) => {
    const probability = distribution(value);
    gap = Math.max(gap, probability - i / n, (i + 1) / n - probability);
  });
  return Math.sqrt(n) * gap;
}

/** Pearson's statistic of some counts that are expected to be equal. */
export function chiSquare(counts: readonly number[]): number {
  const expected = mean(counts);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Throws unless a statistic lies within its bound. */
export function assertWithin(bound: number, statistic: number, what: string): void {
  assert(Math.abs(statistic) < bound, `${what}: ${statistic} is not within ±${bound}`);
}
