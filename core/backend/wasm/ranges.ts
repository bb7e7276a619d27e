/**
 * Work in parts.
 *
 * @module
 */

/** From where to where a part goes. */
export type Range = readonly [from: number, to: number];

/** Splits 0 … size into at most `parts` ranges whose borders are multiples of `multiple`. */
export function rangesOf(size: number, parts: number, multiple: number): Range[] {
  const step = Math.ceil(size / parts / multiple) * multiple;
  const ranges: Range[] = [];
  for (let from = 0; from < size; from += step) ranges.push([from, Math.min(size, from + step)]);
  return ranges;
}
