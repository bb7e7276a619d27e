/**
 * Estimates of the gradient of an objective on a linear Gaussian model, by several seeds.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import type { Objective } from "../../core/objective.ts";
import { seed } from "../../core/random.ts";
import { parametersOf, passOf } from "../laws/cases/linear_gaussian.ts";
import { mean, moment } from "./statistics.ts";

/** How often the data stand in a batch, with noise of their own. */
const COPIES = 128;

/** Two data, and q(z|x) a little away from the true posterior, or right there. */
function valuesAt(distance: number) {
  return {
    loadings: [1.2, 0.8],
    bias: [0.1, -0.2, 0.3],
    noise: [0.7],
    x: [0.5, -1, 1.5, -0.3, 0.8, 0.2],
    shift: [1, -1, 1, 1].map((sign) => distance * sign),
    stretch: [1, -1, -1, 1].map((sign) => 1 + distance * sign),
  };
}

/** Mean, standard error and variance of each element of a gradient. */
export interface GradientEstimates {
  readonly mean: number;
  readonly error: number;
  readonly variance: number;
}

/**
 * The gradient by everything that the objective depends on: first by the means and scales of q.
 *
 * @param objective The objective.
 * @param distance How far q(z|x) is from the true posterior, in its deviations.
 * @param replicates The number of seeds, each for a batch with many copies of the data.
 */
export function gradientEstimates(
  objective: Objective<Distribution, Distribution>,
  distance: number,
  replicates: number,
): {
  readonly posterior: readonly GradientEstimates[];
  readonly model: readonly GradientEstimates[];
} {
  const values = valuesAt(distance), progress = { step: 0, epoch: 0 };
  const runs = Array.from({ length: replicates }, (_, i) =>
    tf.tidy(() => {
      const parameters = parametersOf(values), names = Object.keys(parameters);
      const { grads } = tf.engine().gradients(
        () => {
          const pass = passOf(values, parameters, seed(i).split("gradient"), progress, COPIES);
          const { surrogate, objective: value } = objective.ledger(pass);
          return (surrogate ?? value) as tf.Scalar;
        },
        Object.values(parameters),
      );
      return names.map((name, k) => [name, Array.from(grads[k]!.dataSync())] as const);
    }));
  const estimatesOf = (wanted: readonly string[]): readonly GradientEstimates[] =>
    wanted.flatMap((name) => {
      const lists = runs.map((run) => run.find(([found]) => found === name)![1]);
      return lists[0]!.map((_, k) => {
        const list = lists.map((gradient) => gradient[k]!), center = mean(list);
        const variance = moment(list, 2, center);
        return { mean: center, variance, error: Math.sqrt(variance / replicates) };
      });
    });
  return {
    posterior: estimatesOf(["mean", "scale"]),
    model: estimatesOf(["loadings", "bias", "noise"]),
  };
}

/** The largest gap between the means of two estimates, in standard errors. */
export function largestGap(
  a: readonly GradientEstimates[],
  b: readonly GradientEstimates[],
): number {
  return Math.max(
    ...a.map(({ mean, error }, k) =>
      Math.abs(mean - b[k]!.mean) / Math.hypot(error, b[k]!.error, 1e-6)
    ),
  );
}

/** The sum of the variances of all elements. */
export function totalVariance(estimates: readonly GradientEstimates[]): number {
  return estimates.reduce((sum, { variance }) => sum + variance, 0);
}
