/**
 * Normal distributions by their covariance, in float64: elimination and nothing else.
 *
 * @module
 */

/** Rows of numbers. */
export type Rows = readonly (readonly number[])[];

/** A·Aᵀ. */
export function gram(a: Rows): number[][] {
  return a.map((row) => a.map((other) => row.reduce((sum, x, i) => sum + x * other[i]!, 0)));
}

/** log |Σ| and Σ⁻¹·b, by elimination without pivots. */
function eliminate(covariance: Rows, b: readonly number[]): { logDet: number; solved: number[] } {
  const rows = covariance.map((row, i) => [...row, b[i]!]), size = b.length;
  let logDet = 0;
  for (let j = 0; j < size; j++) {
    logDet += Math.log(rows[j]![j]!);
    for (let i = 0; i < size; i++) {
      if (i === j) continue;
      const factor = rows[i]![j]! / rows[j]![j]!;
      rows[i] = rows[i]!.map((x, k) => x - factor * rows[j]![k]!);
    }
  }
  return { logDet, solved: rows.map((row, i) => row[size]! / row[i]!) };
}

/** log N(x | μ, Σ). */
export function denseLogProb(
  x: readonly number[],
  mean: readonly number[],
  covariance: Rows,
): number {
  const deviation = x.map((value, i) => value - mean[i]!);
  const { logDet, solved } = eliminate(covariance, deviation);
  const distance = deviation.reduce((sum, r, i) => sum + r * solved[i]!, 0);
  return -0.5 * (distance + logDet + x.length * Math.log(2 * Math.PI));
}

/** KL(N(μ, Σ) ‖ N(0, I)). */
export function denseKl(mean: readonly number[], covariance: Rows): number {
  const { logDet } = eliminate(covariance, mean);
  const moments = mean.reduce((sum, m, i) => sum + m * m + covariance[i]![i]! - 1, 0);
  return 0.5 * (moments - logDet);
}
