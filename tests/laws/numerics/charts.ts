/**
 * Charts: supports seen from coordinates on the real line, which can go anywhere.
 *
 * @module
 */
import type { Leaf } from "../../../core/support.ts";
import { sigmoid } from "./special_functions.ts";

/** How the real line is bent onto a support: x(y), its derivative, and y(x). */
export const BENDS: {
  readonly [L in Leaf]?: {
    readonly to: (y: number) => number;
    readonly slope: (y: number) => number;
    readonly from: (x: number) => number;
  };
} = {
  real: { to: (y) => y, slope: () => 1, from: (x) => x },
  positive: { to: Math.exp, slope: Math.exp, from: Math.log },
  unit: {
    to: sigmoid,
    slope: (y) => sigmoid(y) * sigmoid(-y),
    from: (x) => Math.log(x) - Math.log1p(-x),
  },
};

/** How coordinates y on the real line, one list for each, become points of the support. */
export interface Chart {
  /** What every element stays below. */
  readonly largest: (element: number) => number;
  /** The coordinates of draws. */
  readonly coordinatesOf: (elements: readonly Float64Array[]) => readonly Float64Array[];
  /** The elements of a point, and log |dx/dy|. */
  readonly elementsOf: (coordinates: readonly number[]) => { x: number[]; logSlope: number };
}

/** Simplex: the logarithms of all parts over the last one. */
export const SIMPLEX: Chart = {
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
export function product(leaves: readonly Leaf[]): Chart {
  return {
    largest: (i) => leaves[i] === "unit" ? 1 : Infinity,
    coordinatesOf: (elements) => elements.map((list, i) => list.map(BENDS[leaves[i]!]!.from)),
    elementsOf: (y) => ({
      x: y.map((value, i) => BENDS[leaves[i]!]!.to(value)),
      logSlope: y.reduce((log, value, i) => log + Math.log(BENDS[leaves[i]!]!.slope(value)), 0),
    }),
  };
}
