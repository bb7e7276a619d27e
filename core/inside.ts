/**
 * Whether values lie inside a support, and which one does not.
 *
 * @module
 */
import { outOfRange } from "./errors.ts";
import { type Leaf, leavesOf, type Support } from "./support.ts";
import { type Shape, sizeOf } from "./types.ts";

/** The values of a leaf: from the least to the most, and perhaps whole numbers alone. */
interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

const { MIN_VALUE, MAX_VALUE } = Number;

const RANGES: { readonly [L in Leaf]: Range } = {
  binary: { least: 0, most: 1, whole: true },
  unit: { least: 0, most: 1, whole: false },
  positive: { least: MIN_VALUE, most: MAX_VALUE, whole: false },
  count: { least: 0, most: MAX_VALUE, whole: true },
  category: { least: 0, most: MAX_VALUE, whole: true },
  real: { least: -MAX_VALUE, most: MAX_VALUE, whole: false },
};

const REQUIREMENT: { readonly [L in Leaf]: string } = {
  binary: "be 0 or 1",
  unit: "lie between 0 and 1",
  positive: "be positive",
  count: "be a count 0, 1, 2, …",
  category: "be the code 0, 1, 2, … of a class",
  real: "be finite",
};

/** What a row is called, and the column of a value if it has a name. */
export interface NamedPlace {
  readonly row: string;
  readonly column?: string | undefined;
}

/** Where a value stands: `row 7, position [3, 14]`, `row 7, column 'age'`, or `row 7` alone. */
function placeOf(
  index: number,
  support: Support,
  shape: Shape,
  named: ((index: number) => NamedPlace) | undefined,
): string {
  const width = sizeOf(shape);
  const { row, column }: NamedPlace = named?.(index) ?? { row: `row ${Math.floor(index / width)}` };
  const name = typeof support === "string" ? column : Object.keys(support)[index % width];
  if (name !== undefined) return `${row}, column '${name}'`;
  if (shape.length === 0) return row;
  const position: number[] = [];
  for (let axis = shape.length - 1, rest = index % width; axis >= 0; axis--) {
    position.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return `${row}, position [${position.join(", ")}]`;
}

/**
 * Throws at the first observed value outside the support, saying which value stands where.
 *
 * @param action The attempted action.
 * @param name What the values are called there.
 * @param values Rows of `shape`, one after the other.
 * @param support The support that they are to lie in.
 * @param shape The shape of one row.
 * @param mask 0 where a value is missing; such values are passed over.
 * @param named What the row and the column of a value are called; rows are counted from 0 unless told.
 */
export function requireInside(
  action: string,
  name: string,
  values: Float32Array,
  support: Support,
  shape: Shape,
  mask?: Float32Array,
  named?: (index: number) => NamedPlace,
): void {
  const leaves = leavesOf(support), ranges = leaves.map((leaf) => RANGES[leaf]);
  const columns = ranges.length;
  let first = values.length;
  // Every value of every batch comes by here: loops over columns, without a call for each value.
  for (let column = 0; column < columns; column++) {
    const { least, most, whole } = ranges[column]!;
    for (let i = column; i < first; i += columns) {
      const value = values[i]!;
      if (value >= least && value <= most && (!whole || Math.floor(value) === value)) continue;
      if (mask?.[i] !== 0) first = i;
    }
  }
  if (first === values.length) return;
  const leaf = leaves[first % columns]!;
  const requirement = `'${name}' must ${REQUIREMENT[leaf]} (support '${leaf}')`;
  throw outOfRange(
    action,
    `${requirement} at ${placeOf(first, support, shape, named)}`,
    values[first],
  );
}
