/**
 * The rule that nothing becomes NaN at the edges.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { hasMean, hasVariance } from "../../../core/distribution.ts";
import type { Leaf } from "../../../core/support.ts";
import { type Shape, sizeOf, type Tensor } from "../../../core/types.ts";
import { about } from "../cases/example.ts";
import type { DistributionLawOptions, Elements, Subject } from "../cases/subject.ts";
import { gradientsOf } from "../numerics/differences.ts";
import { numbers } from "../numerics/numbers.ts";
import type { Rule } from "../rule.ts";
import { requireFinite, requireThat, shown, Violation } from "../violation.ts";

/** Values at and near the edges of every support, and far out. */
const EDGES: { readonly [L in Leaf]: readonly number[] } = {
  real: [0, 1e-6, -1e4, 1e4],
  positive: [1e-6, 1, 1e4],
  unit: [0, 1e-6, 0.5, 1],
  binary: [0, 1],
  count: [0, 1, 10, 1000],
  category: [0],
};

/** The values of one element to try. */
function edgesOf(leaf: Leaf, { edges, categories }: DistributionLawOptions): readonly number[] {
  if (edges !== undefined) return edges;
  if (leaf !== "category") return EDGES[leaf];
  return [0, (categories ?? 1) - 1];
}

/** Events `[S, 1, …event]` at the edges of the support: near a corner, or each element on its own. */
function eventsAt(elements: Elements, event: Shape, options: DistributionLawOptions): Tensor {
  const size = sizeOf(event), shape = [-1, 1, ...event];
  if (elements === "sphere" || elements === "one-hot") return tf.reshape(tf.eye(size), shape);
  if (elements === "simplex") {
    const corners = tf.add(tf.mul(tf.eye(size), 1 - size * 1e-4), 1e-4);
    return tf.reshape(corners, shape);
  }
  const lists = elements.map((leaf) => edgesOf(leaf, options));
  const count = Math.max(...lists.map((list) => list.length));
  const rows = Array.from(
    { length: 2 * count },
    // First all at their n-th edge, then neighbours at different ones.
    (_, n) => lists.map((list, i) => list[(n < count ? n : n + i) % list.length]!),
  );
  return tf.reshape(tf.tensor2d(rows), shape);
}

/** Throws at the first that is NaN. */
function requireNumbers(what: string, values: Float32Array): void {
  requireThat(!values.some(Number.isNaN), `${what} to be a number`, "NaN");
}

/** Finite log-densities, gradients, draws and moments. */
export function extremes(subject: Subject): Rule {
  const rule = {
    name: "extremes",
    statement: "at the edges of the support and with extreme parameters everything stays finite",
    event: subject.several,
    extreme: true,
  };
  return about(subject, rule, ({ q, tensors, make, noise, elements, event }) => {
    const value = eventsAt(elements, event, subject.options);
    const logs = numbers(q.logProb(value)), wrong = logs.findIndex((log) => !Number.isFinite(log));
    if (wrong >= 0) {
      const row = Math.floor(wrong / (logs.length / value.shape[0]!));
      const at = numbers(tf.slice(value, row, 1)), b = wrong % (logs.length / value.shape[0]!);
      throw new Violation(
        `a finite log-density at x = [${at.join(", ")}], row ${b}`,
        shown(logs[wrong]!),
      );
    }
    requireFinite("a draw", numbers(q.draw(noise, 4).value));
    // They may be infinite, as of Cauchy's distribution.
    if (hasMean(q)) requireNumbers("the mean", numbers(q.mean));
    if (hasVariance(q)) requireNumbers("the variance", numbers(q.variance));
    const found = gradientsOf((given) => tf.sum(make(given).logProb(value)), tensors);
    for (const [name, gradient] of Object.entries(found)) {
      requireFinite(`the gradient of the log-density by '${name}'`, numbers(gradient));
    }
  });
}
