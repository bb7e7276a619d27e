/**
 * Kernels: heavy-tailed densities around draws, easy to draw from and to evaluate.
 *
 * @module
 */
import { centerOf } from "./numbers.ts";
import { logGammaOfHalf } from "./special_functions.ts";

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

/** Where some coordinates lie. */
export interface Location {
  readonly centers: readonly number[];
  readonly spreads: readonly number[];
  /** L of a covariance that outliers do not spoil. */
  readonly lower: readonly (readonly number[])[];
}

/** The location of some coordinates. */
export function locationOf(coordinates: readonly Float64Array[]): Location {
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

/** Student's t with two degrees of freedom around a center: draws of it, and its density. */
export interface Kernel {
  readonly draw: (normals: readonly number[], stretch: number) => readonly number[];
  readonly density: (y: readonly number[]) => number;
}

/** The kernel with scale L: Γ((2 + d)/2) / ((2π)^(d/2) |L|) · (1 + |L⁻¹(y − c)|²/2)^(−(2 + d)/2). */
export function kernel(center: readonly number[], lower: readonly (readonly number[])[]): Kernel {
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
export function localKernels(
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
