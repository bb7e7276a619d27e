/**
 * Points in several dimensions with importance weights: what quadrature is to one element.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Seed } from "../../../core/random.ts";
import type { Leaf } from "../../../core/support.ts";
import { type Shape, sizeOf, type Tensor } from "../../../core/types.ts";
import type { Example } from "../cases/example.ts";
import { product, SIMPLEX } from "./charts.ts";
import { gridOf, isContinuous, type Sizes } from "./grids.ts";
import { columns, fromColumns, numbers } from "./numbers.ts";
import { among, around, onSphere, onSpiral, type Weighted } from "./proposals.ts";

/** Points `[n, 1, …event]` and the logarithms of what each weighs in an integral. */
export interface Points {
  readonly value: Tensor;
  readonly logWeights: Float64Array;
  /** Whether their sums have no chance in them. */
  readonly exact: boolean;
}

/** Elements on their own: those on a line from one proposal for all, and atoms each from its own. */
function onElements(
  leaves: readonly Leaf[],
  draws: readonly Float64Array[],
  samples: number,
  noise: Seed,
  sizes: Sizes,
): Weighted {
  const lists: Float64Array[] = [], logWeights = new Float64Array(samples);
  const place = (indices: readonly number[], part: Weighted): void => {
    indices.forEach((i, k) => lists[i] = part.lists[k]!);
    part.logWeights.forEach((log, k) => logWeights[k]! += log);
  };
  const continuous = leaves.flatMap((leaf, i) => isContinuous(leaf, sizes) ? [i] : []);
  if (continuous.length > 0) {
    const chart = product(continuous.map((i) => leaves[i]!));
    place(continuous, around(chart, continuous.map((i) => draws[i]!), samples, noise));
  }
  leaves.forEach((leaf, i) => {
    if (isContinuous(leaf, sizes)) return;
    const atoms = gridOf(leaf, draws[i]!, sizes).points;
    place([i], among(atoms, draws[i]!, samples, noise.split(`element ${i}`)));
  });
  return { lists, logWeights };
}

/**
 * Points all over the support, by importance sampling.
 *
 * @param example The distribution, which is not asked for its density.
 * @param value Draws `[n, 1, …event]` to lie around.
 * @param samples How many points.
 * @param noise Where they come from.
 * @param sizes How many values an element may take.
 */
export function pointsFor(
  { elements, event }: Pick<Example, "elements" | "event">,
  value: Tensor,
  samples: number,
  noise: Seed,
  sizes: Sizes = {},
): Points {
  const draws = columns(value);
  const points = ({ lists, logWeights }: Weighted, exact = false): Points => ({
    value: fromColumns(lists, [1, ...event]),
    logWeights,
    exact,
  });
  if (elements === "simplex") return points(around(SIMPLEX, draws, samples, noise));
  if (elements === "one-hot") return onAxes(sizeOf(event), event);
  if (elements !== "sphere") return points(onElements(elements, draws, samples, noise, sizes));
  const dimensions = sizeOf(event);
  if (dimensions === 3) return points(onSpiral(samples), true);
  return points(onSphere(dimensions, samples, noise));
}

/** All one-hot vectors. */
function onAxes(size: number, event: Shape): Points {
  const value = tf.reshape(tf.eye(size), [size, 1, ...event]);
  return { value, logWeights: new Float64Array(size), exact: true };
}

/** All values that an event can have, if these are few enough. */
export function everyPoint(
  { event }: Pick<Example, "event">,
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
