/**
 * Points in several dimensions with importance weights: what quadrature is to one element.
 *
 * @module
 */
import { normalNoise, type Seed, uniformNoise } from "../../../core/random.ts";
import { sizeOf, type Tensor } from "../../../core/types.ts";
import type { Example } from "../cases/example.ts";
import { BENDS } from "./grids.ts";
import { centerOf, columns, fromColumns, numbers } from "./numbers.ts";

/** Points `[n, 1, …event]` and the logarithms of what each weighs in an integral. */
export interface Points {
  readonly value: Tensor;
  readonly logWeights: Float64Array;
}

/** How coordinates y on the real line, one list for each, become points of the support. */
interface Chart {
  /** The coordinates of draws. */
  readonly coordinatesOf: (elements: readonly Float64Array[]) => readonly Float64Array[];
  /** The elements of a point, and log |dx/dy|. */
  readonly elementsOf: (coordinates: readonly number[]) => { x: number[]; logSlope: number };
}

/** log Γ(n/2) for whole n. */
function logGammaOfHalf(n: number): number {
  let sum = n % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  for (let k = n - 2; k > 0; k -= 2) sum += Math.log(k / 2);
  return sum;
}

/** Simplex: the logarithms of all parts over the last one. */
const SIMPLEX: Chart = {
  coordinatesOf: (elements) =>
    elements.slice(0, -1).map((list) => list.map((x, i) => Math.log(x / elements.at(-1)![i]!))),
  elementsOf: (y) => {
    const logits = [...y, 0], largest = Math.max(...logits);
    const parts = logits.map((logit) => Math.exp(logit - largest));
    const sum = parts.reduce((a, b) => a + b), x = parts.map((part) => part / sum);
    return { x, logSlope: x.reduce((log, part) => log + Math.log(part), 0) };
  },
};

/** Elements on their own, each on its part of the real line. */
function product(leaves: readonly (keyof typeof BENDS)[]): Chart {
  return {
    coordinatesOf: (elements) => elements.map((list, i) => list.map(BENDS[leaves[i]!]!.from)),
    elementsOf: (y) => ({
      x: y.map((value, i) => BENDS[leaves[i]!]!.to(value)),
      logSlope: y.reduce((log, value, i) => log + Math.log(BENDS[leaves[i]!]!.slope(value)), 0),
    }),
  };
}

/** L with L·Lᵀ = A. */
function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const lower = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[j]![j]!;
    }
  }
  return lower;
}

/** Where some coordinates lie: centers, and L of a covariance that outliers do not spoil. */
function locationOf(coordinates: readonly Float64Array[]) {
  const places = coordinates.map(centerOf);
  const scores = coordinates.map((list, i) =>
    list.map((y) => Math.min(Math.max((y - places[i]!.center) / places[i]!.spread, -4), 4))
  );
  const covariance = scores.map((a, i) =>
    scores.map((b, j) =>
      a.reduce((sum, y, k) => sum + y * b[k]!, 0) / a.length * places[i]!.spread *
      places[j]!.spread
    )
  );
  return { centers: places.map(({ center }) => center), lower: cholesky(covariance) };
}

/** Points on the sphere, all alike. */
function onSphere(dimensions: number, samples: number, noise: Seed, shape: number[]): Points {
  const lists = columns(normalNoise(noise, [samples, dimensions]));
  const lengths = Float64Array.from(
    { length: samples },
    (_, k) => Math.hypot(...lists.map((list) => list[k]!)),
  );
  const area = Math.log(2) + dimensions / 2 * Math.log(Math.PI) - logGammaOfHalf(dimensions);
  return {
    value: fromColumns(lists.map((list) => list.map((x, k) => x / lengths[k]!)), shape),
    logWeights: new Float64Array(samples).fill(area),
  };
}

/**
 * Points all over the support, by importance sampling: from a Student t with two degrees of freedom
 * around some draws, whose tails are heavier than most, so that no weight is large.
 *
 * @param draws Draws `[n, 1, …event]` to lie around.
 */
export function pointsFor(
  { elements, event }: Example,
  draws: Tensor,
  samples: number,
  noise: Seed,
): Points {
  const shape = [1, ...event];
  if (elements === "sphere") return onSphere(sizeOf(event), samples, noise, shape);
  const chart = elements === "simplex" ? SIMPLEX : product(elements as (keyof typeof BENDS)[]);
  const { centers, lower } = locationOf(chart.coordinatesOf(columns(draws)));
  const d = centers.length;
  const normals = columns(normalNoise(noise.split("normal"), [samples, d]));
  const uniforms = numbers(uniformNoise(noise.split("uniform"), [samples]));
  // Γ((2 + d)/2) / (Γ(1) (2π)^(d/2) |L|) · (1 + δ²/2)^(−(2 + d)/2)
  const constant = logGammaOfHalf(d + 2) - d / 2 * Math.log(2 * Math.PI) -
    lower.reduce((sum, row, i) => sum + Math.log(row[i]!), 0);
  const logWeights = new Float64Array(samples),
    lists = Array.from(
      { length: sizeOf(event) },
      () => new Float64Array(samples),
    );
  for (let k = 0; k < samples; k++) {
    const stretch = 1 / Math.sqrt(-Math.log(uniforms[k]!)); // √(2/χ²₂)
    const y = centers.map((center, i) =>
      center + stretch * lower[i]!.reduce((sum, l, j) => sum + l * (normals[j]?.[k] ?? 0), 0)
    );
    const squared = stretch ** 2 * normals.reduce((sum, list) => sum + list[k]! ** 2, 0);
    const { x, logSlope } = chart.elementsOf(y);
    x.forEach((value, i) => lists[i]![k] = value);
    logWeights[k] = logSlope - constant + (2 + d) / 2 * Math.log1p(squared / 2);
  }
  return { value: fromColumns(lists, shape), logWeights };
}

/** All values that an event can have, if these are few enough. */
export function everyPoint(
  { event }: Example,
  points: readonly Float64Array[],
): Points | undefined {
  const count = points.reduce((product, list) => product * list.length, 1);
  if (count > 2 ** 16) return undefined;
  const lists = points.map((list, i) => {
    const repeat = points.slice(i + 1).reduce((product, later) => product * later.length, 1);
    return Float64Array.from(
      { length: count },
      (_, k) => list[Math.floor(k / repeat) % list.length]!,
    );
  });
  return { value: fromColumns(lists, [1, ...event]), logWeights: new Float64Array(count) };
}

/** exp(log p + log weight) of every point: what it stands for in an expectation. */
export function massesAt(logProb: Tensor, { logWeights }: Points): Float64Array {
  const logs = numbers(logProb);
  return logWeights.map((log, k) => Math.exp(log + logs[k]!));
}
