/**
 * Points in several dimensions with importance weights: what quadrature is to one element.
 *
 * @module
 */
import { normalNoise, type Seed, uniformNoise } from "../../../core/random.ts";
import type { Leaf } from "../../../core/support.ts";
import { sizeOf, type Tensor } from "../../../core/types.ts";
import type { Example } from "../cases/example.ts";
import { BENDS, gridOf } from "./grids.ts";
import { centerOf, columns, fromColumns, numbers } from "./numbers.ts";

/** Points `[n, 1, …event]` and the logarithms of what each weighs in an integral. */
export interface Points {
  readonly value: Tensor;
  readonly logWeights: Float64Array;
  /** Whether their sums have no chance in them. */
  readonly exact: boolean;
}

/** How coordinates y on the real line, one list for each, become points of the support. */
interface Chart {
  /** What every element stays below. */
  readonly largest: (element: number) => number;
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
  largest: () => 1,
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
function product(leaves: readonly Leaf[]): Chart {
  return {
    largest: (i) => leaves[i] === "unit" ? 1 : Infinity,
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
  return {
    centers: places.map(({ center }) => center),
    spreads: places.map(({ spread }) => spread),
    lower: cholesky(covariance),
  };
}

/** One list for every element, and the logarithm of what each point weighs in an integral. */
interface Lists {
  readonly lists: readonly Float64Array[];
  readonly logWeights: Float64Array;
}

/** The golden angle, by which a spiral turns so that its points lie evenly. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** Points that lie evenly on the sphere in three dimensions: a spiral from pole to pole. */
function onSpiral(samples: number): Lists {
  const heights = new Float64Array(samples).map((_, k) => 1 - (2 * k + 1) / samples);
  const around = (wave: (angle: number) => number): Float64Array =>
    heights.map((height, k) => Math.sqrt(1 - height * height) * wave(k * GOLDEN_ANGLE));
  return {
    lists: [around(Math.cos), around(Math.sin), heights],
    logWeights: new Float64Array(samples).fill(Math.log(4 * Math.PI / samples)),
  };
}

/** Points on the sphere, all alike. */
function onSphere(dimensions: number, samples: number, noise: Seed): Lists {
  const normals = columns(normalNoise(noise, [samples, dimensions]));
  const area = Math.log(2) + dimensions / 2 * Math.log(Math.PI) - logGammaOfHalf(dimensions);
  const lengths = normals[0]!.map((_, k) => Math.hypot(...normals.map((list) => list[k]!)));
  return {
    lists: normals.map((list) => list.map((x, k) => x / lengths[k]!)),
    logWeights: new Float64Array(samples).fill(area),
  };
}

/** Whether float32 holds a number that is meant to lie inside a support. */
function isHeld(x: number, largest: number): boolean {
  const rounded = Math.fround(x);
  return Math.abs(rounded) >= 2 ** -126 && Math.abs(rounded) < largest;
}

/** Student's t with two degrees of freedom around a center: draws of it, and its density. */
interface Kernel {
  readonly draw: (normals: readonly number[], stretch: number) => readonly number[];
  readonly density: (y: readonly number[]) => number;
}

/** The kernel with scale L: Γ((2 + d)/2) / ((2π)^(d/2) |L|) · (1 + |L⁻¹(y − c)|²/2)^(−(2 + d)/2). */
function kernel(center: readonly number[], lower: readonly (readonly number[])[]): Kernel {
  const d = center.length,
    logConstant = logGammaOfHalf(d + 2) - d / 2 * Math.log(2 * Math.PI) -
      lower.reduce((sum, row, i) => sum + Math.log(row[i]!), 0);
  const constant = Math.exp(logConstant), whitened = new Float64Array(d);
  return {
    draw: (normals, stretch) =>
      center.map((c, i) =>
        c + stretch * lower[i]!.reduce((sum, l, j) => sum + (j <= i ? l * normals[j]! : 0), 0)
      ),
    density: (y) => {
      let squared = 0;
      for (let i = 0; i < d; i++) {
        let rest = y[i]! - center[i]!;
        for (let j = 0; j < i; j++) rest -= lower[i]![j]! * whitened[j]!;
        whitened[i] = rest / lower[i]![i]!;
        squared += whitened[i]! ** 2;
      }
      return constant * (1 + squared / 2) ** (-(2 + d) / 2);
    },
  };
}

/** Draws that have a kernel of their own, and the neighbours that say how wide it is. */
const LOCAL = 48, NEIGHBOURS = 24;

/** Kernels around single draws, as wide as these lie there: for densities of several modes. */
function localKernels(
  coordinates: readonly Float64Array[],
  spreads: readonly number[],
): readonly Kernel[] {
  const count = Math.min(LOCAL, coordinates[0]!.length);
  return Array.from({ length: count }, (_, k) => {
    const center = coordinates.map((list) => list[k]!);
    const distances = coordinates[0]!.map((_, other) =>
      Math.hypot(...coordinates.map((list, i) => (list[other]! - center[i]!) / spreads[i]!))
    ).sort();
    const width = distances[Math.min(NEIGHBOURS, distances.length - 1)]! || 0.1;
    return kernel(
      center,
      spreads.map((spread, i) => spreads.map((_, j) => i === j ? spread * width : 0)),
    );
  });
}

/**
 * Points around some draws, half of them from one kernel around all of these and half from kernels
 * around single ones. Their tails are heavier than most, so that hardly any weight is large.
 *
 * Owen and Zhou, "Safe and effective importance sampling", 2000: a defensive mixture.
 */
function around(
  { coordinatesOf, elementsOf, largest }: Chart,
  draws: readonly Float64Array[],
  samples: number,
  noise: Seed,
): Lists {
  const coordinates = coordinatesOf(draws), d = coordinates.length;
  const { centers, spreads, lower } = locationOf(coordinates);
  const all = kernel(centers, lower), local = localKernels(coordinates, spreads);
  const normals = columns(normalNoise(noise.split("normal"), [samples, d]));
  const uniforms = numbers(uniformNoise(noise.split("uniform"), [samples]));
  const lists = draws.map(() => new Float64Array(samples));
  const logWeights = new Float64Array(samples);
  for (let k = 0; k < samples; k++) {
    const own = k % 2 === 0 ? all : local[(k >> 1) % local.length]!;
    const stretch = 1 / Math.sqrt(-Math.log(uniforms[k]!)); // √(2/χ²₂)
    const y = own.draw(normals.map((list) => list[k]!), stretch);
    const density = 0.5 * all.density(y) +
      0.5 / local.length * local.reduce((sum, { density }) => sum + density(y), 0);
    const point = elementsOf(y), held = point.x.every((x, i) => isHeld(x, largest(i)));
    // What float32 cannot tell from an edge weighs nothing, and stands somewhere else.
    const { x, logSlope } = held ? point : elementsOf(centers);
    x.forEach((value, i) => lists[i]![k] = value);
    logWeights[k] = held ? logSlope - Math.log(density) : -Infinity;
  }
  return { lists, logWeights };
}

/** Atoms of one element: half of the points as some draws have them, half of them all alike. */
function among(atoms: Float64Array, draws: Float64Array, samples: number, noise: Seed): Lists {
  const probabilities = atoms.map(() => 0.5 / atoms.length);
  for (const draw of draws) probabilities[atoms.indexOf(draw)]! += 0.5 / draws.length;
  const list = new Float64Array(samples), logWeights = new Float64Array(samples);
  numbers(uniformNoise(noise, [samples])).forEach((u, k) => {
    let i = 0;
    for (let rest = u; i < atoms.length - 1 && rest >= probabilities[i]!; i++) {
      rest -= probabilities[i]!;
    }
    list[k] = atoms[i]!;
    logWeights[k] = -Math.log(probabilities[i]!);
  });
  return { lists: [list], logWeights };
}

/**
 * Points all over the support, by importance sampling.
 *
 * @param example The distribution, which is not asked for its density.
 * @param value Draws `[n, 1, …event]` to lie around.
 * @param samples How many points.
 * @param noise Where they come from.
 * @param categories C, for elements that are categories.
 */
export function pointsFor(
  { elements, event }: Pick<Example, "elements" | "event">,
  value: Tensor,
  samples: number,
  noise: Seed,
  categories?: number,
): Points {
  const draws = columns(value), shape = [1, ...event];
  const points = ({ lists, logWeights }: Lists, exact = false): Points => ({
    value: fromColumns(lists, shape),
    logWeights,
    exact,
  });
  if (elements === "sphere") {
    const dimensions = sizeOf(event);
    if (dimensions === 3) return points(onSpiral(samples), true);
    return points(onSphere(dimensions, samples, noise));
  }
  if (elements === "simplex") return points(around(SIMPLEX, draws, samples, noise));
  const smooth = elements.filter((leaf) => leaf in BENDS);
  const parts = elements.map((leaf, i) =>
    leaf in BENDS ? undefined : among(
      gridOf(leaf, draws[i]!, categories).points,
      draws[i]!,
      samples,
      noise.split(`element ${i}`),
    )
  );
  if (smooth.length > 0) {
    const indices = elements.flatMap((leaf, i) => leaf in BENDS ? [i] : []);
    const own = indices.map((i) => draws[i]!);
    const { lists, logWeights } = around(product(smooth), own, samples, noise);
    indices.forEach((i, k) => {
      // They are weighed together, which the first of them does for all.
      parts[i] = {
        lists: [lists[k]!],
        logWeights: k === 0 ? logWeights : new Float64Array(samples),
      };
    });
  }
  return points({
    lists: parts.map((part) => part!.lists[0]!),
    logWeights: new Float64Array(samples)
      .map((_, k) => parts.reduce((sum, part) => sum + part!.logWeights[k]!, 0)),
  });
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
  return {
    value: fromColumns(lists, [1, ...event]),
    logWeights: new Float64Array(count),
    exact: true,
  };
}

/** exp(log p + log weight) of every point: what it stands for in an expectation. */
export function massesAt(logProb: Tensor, { logWeights }: Points): Float64Array {
  const logs = numbers(logProb);
  return logWeights.map((log, k) => Math.exp(log + logs[k]!));
}
