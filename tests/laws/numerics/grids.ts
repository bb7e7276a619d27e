/**
 * Grids: points and weights that turn sums into integrals over the support of one element.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { type Distribution, isFactorized } from "../../../core/distribution.ts";
import type { Leaf } from "../../../core/support.ts";
import type { Shape, Tensor } from "../../../core/types.ts";
import { drawsOf, type Example } from "../cases/example.ts";
import type { DistributionLawOptions } from "../cases/subject.ts";
import { shown, Violation } from "../violation.ts";
import { BENDS } from "./charts.ts";
import { centerOf, columns, fromColumns } from "./numbers.ts";

/** Points of the support in rising order, and what each weighs in an integral. */
export interface Grid {
  readonly points: Float64Array;
  readonly weights: Float64Array;
  /** Whether the points are all there is, rather than a mesh. */
  readonly discrete: boolean;
}

/** What quadrature in float32 may be off. */
export const QUADRATURE = 2e-3;

/** Points of a mesh. */
const MESH = 2 ** 11 + 1;

/** How many spreads away from the center a mesh ends. */
const REACH = Math.asinh(1e5);

/**
 * A mesh of a continuous support, dense where some draws lie and reaching far beyond them.
 *
 * The trapezoidal rule in u, with y = center + spread · sinh u: Takahasi and Mori, "Double
 * exponential formulas for numerical integration", 1974, of which this is the single one.
 */
function mesh(leaf: Leaf, draws: ArrayLike<number>): Grid {
  const { to, slope, from } = BENDS[leaf]!;
  const { center, spread } = centerOf(Array.from(draws, from));
  const points: number[] = [], weights: number[] = [], step = 2 * REACH / (MESH - 1);
  for (let i = 0; i < MESH; i++) {
    const u = i * step - REACH, y = center + spread * Math.sinh(u), x = Math.fround(to(y));
    const weight = spread * Math.cosh(u) * slope(y) * step;
    const inside = leaf === "real" || (x > 2 ** -126 && (leaf === "positive" || x < 1));
    if (!inside || !Number.isFinite(x) || !Number.isFinite(weight)) continue;
    points.push(x);
    weights.push(weight);
  }
  return {
    points: Float64Array.from(points),
    weights: Float64Array.from(weights),
    discrete: false,
  };
}

/** The values 0 … count − 1, or as many from 0 to `largest` as float32 has them. */
function atoms(count: number, largest = count - 1): Grid {
  return {
    points: Float64Array.from({ length: count }, (_, i) => Math.fround(i * largest / (count - 1))),
    weights: new Float64Array(count).fill(1),
    discrete: true,
  };
}

/** How many values an element may take, where its leaf leaves that open. */
export type Sizes = Pick<DistributionLawOptions, "categories" | "levels">;

/** Whether the values of an element lie on a line, rather than apart. */
export const isContinuous = (leaf: Leaf, { levels }: Sizes): boolean =>
  leaf in BENDS && (leaf !== "unit" || levels === undefined);

/** A grid for an element, given some draws of it; counts are followed far beyond the largest draw. */
export function gridOf(leaf: Leaf, draws: Float64Array, { categories, levels }: Sizes): Grid {
  if (leaf === "binary") return atoms(2);
  if (leaf === "unit" && levels !== undefined) return atoms(levels, 1);
  if (leaf === "count") return atoms(8 * Math.max(...draws) + 64);
  if (leaf !== "category") return mesh(leaf, draws);
  if (categories !== undefined) return atoms(categories);
  throw new Violation("the option 'categories' for events that are categories", "none");
}

/** Draws that a grid is laid around. */
const PILOTS = 512;

/** A grid for every element of every distribution of the batch. */
export function gridsOf(
  example: Pick<Example, "q" | "elements" | "noise">,
  sizes: Sizes = {},
): readonly Grid[] {
  const { elements } = example;
  if (typeof elements === "string") {
    throw new Violation("elements that stand on their own", elements);
  }
  return columns(drawsOf(example, "pilots", PILOTS))
    .map((draws, i) => gridOf(elements[i % elements.length]!, draws, sizes));
}

/** The points of all grids side by side `[n, …shape]`; the shorter ones go on with their last. */
export function pointsOf(grids: readonly Grid[], shape: Shape): Tensor {
  const longest = Math.max(...grids.map(({ points }) => points.length));
  const lists = grids.map(({ points }) =>
    Float64Array.from({ length: longest }, (_, i) => points[i] ?? points.at(-1)!)
  );
  return fromColumns(lists, shape);
}

/** The log-density of every element on its own `[S, B, …event]`. */
function elementDensities(q: Distribution, value: Tensor): Tensor {
  if (isFactorized(q)) return q.logDensities(value);
  const densities = q.logProb(value);
  return tf.reshape(densities, [...densities.shape, ...q.event.map(() => 1)]);
}

/** The probability of every point of every grid. */
export function massesOf(q: Distribution, grids: readonly Grid[], batch: number): Float64Array[] {
  const densities = elementDensities(q, pointsOf(grids, [batch, ...q.event]));
  return columns(densities).map((logs, i) =>
    grids[i]!.weights.map((weight, k) => {
      const mass = weight * Math.exp(logs[k]!);
      if (!Number.isNaN(mass)) return mass;
      throw new Violation(`a log-density at ${shown(grids[i]!.points[k]!)}`, String(logs[k]));
    })
  );
}

/** What the values beyond the last one of a grid may weigh, as terms fall at least geometrically. */
export function tailOf({ discrete }: Grid, masses: Float64Array): number {
  if (!discrete || masses.length <= 64) return 0;
  const last = masses.at(-1)!, ratio = last / masses.at(-2)!;
  return last === 0 ? 0 : ratio < 1 ? last * ratio / (1 - ratio) : Infinity;
}

/** The expectation of a function under the probabilities of a grid. */
export function expectation(
  { points }: Grid,
  masses: Float64Array,
  f: (x: number) => number,
): number {
  return masses.reduce((sum, mass, i) => sum + (mass === 0 ? 0 : mass * f(points[i]!)), 0);
}
