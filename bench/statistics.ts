/**
 * Medians, as a machine that others use gives outliers on one side only.
 *
 * @module
 */

/** The median; the mean of the middle two of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/**
 * The median of the ratios within each round that both took part in, since the machine drifts from
 * one to the next.
 */
export function medianRatio(above: readonly number[], below: readonly number[]): number {
  const rounds = Math.min(above.length, below.length);
  return median(above.slice(0, rounds).map((value, round) => value / below[round]!));
}

/** What a line of JSON says of a measurement, which has no more than four digits. */
export function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}
