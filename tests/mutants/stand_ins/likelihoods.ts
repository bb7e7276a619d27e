/**
 * Mutants of likelihoods that stand in for plugins to come.
 *
 * @module
 */
import {
  type Distribution,
  type Factorized,
  type Heads,
  type Likelihood,
  normalNoise,
  type Support,
  type Tensor,
} from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import { likelihoodLaws } from "../../laws/mod.ts";
import type { Mutant, Suite } from "../mutant.ts";
import { columns } from "../../stand_ins/columns.ts";
import { TABLE } from "../../stand_ins/laws.ts";
import { poissonLikelihood } from "../../stand_ins/poisson.ts";
import { changed, soundOf } from "./changes.ts";

/** A likelihood whose distributions are others. */
function likelihoodOf<
  H extends Heads,
  S extends Support,
  X extends Distribution,
  Y extends Distribution,
>(likelihood: Likelihood<H, S, X>, change: (q: X) => Y): Likelihood<H, S, Y> {
  return {
    ...likelihood,
    build: (scope) => {
      const built = likelihood.build(scope);
      return (outputs, context) => change(built(outputs, context));
    },
  };
}

/** A likelihood for a table, with something changed. */
function tableOf(bug: string, change: (q: Factorized) => Distribution): Mutant {
  return {
    bug: `columns: ${bug}`,
    laws: () => likelihoodLaws(likelihoodOf(columns(TABLE), change)),
  };
}

/** The columns of a table in another order. */
const reordered = (value: Tensor, order: readonly number[]): Tensor =>
  tf.gather(value, tf.tensor1d([...order], "int32"), -1);

const mutants: readonly Mutant[] = [
  tableOf(
    "two columns change places in the density",
    (q) => changed(q, { logDensities: (value) => q.logDensities(reordered(value, [1, 0, 2])) }),
  ),
  tableOf(
    "two columns change places in draws",
    (q) =>
      changed(q, {
        sample: (seed, [samples]) => reordered(q.draw(seed, samples).value, [2, 1, 0]),
      }),
  ),
  tableOf(
    "two log-densities change places",
    (q) => changed(q, { logDensities: (value) => reordered(q.logDensities(value), [1, 0, 2]) }),
  ),
  tableOf("the mean over the columns for their sum", (q) => ({
    ...q,
    logProb: (value) => tf.mean(q.logDensities(value), -1),
  })),
  tableOf("the mean over the columns for their sum, and no densities of each", (q) => {
    const { logDensities, ...rest } = q;
    const logProb = (value: Tensor): Tensor => tf.mean(logDensities(value), -1);
    return {
      ...rest,
      logProb,
      draw: (seed, samples) => {
        const { value } = q.draw(seed, samples);
        return { value, logProb: () => logProb(value) };
      },
    };
  }),
  tableOf("the last column is left out of the density", (q) =>
    changed(q, {
      logDensities: (value) => tf.mul(q.logDensities(value), tf.tensor1d([1, 1, 0])),
    })),
  {
    bug: "poisson likelihood: draws are not whole",
    laws: () =>
      likelihoodLaws(
        likelihoodOf(poissonLikelihood(), (q) =>
          changed(q, {
            sample: (seed, shape) =>
              tf.relu(tf.add(q.mean, tf.mul(tf.sqrt(q.variance), normalNoise(seed, shape)))),
          })),
      ),
  },
  {
    bug: "poisson likelihood: draws are a normal approximation, rounded",
    laws: () =>
      likelihoodLaws(
        likelihoodOf(poissonLikelihood(), (q) =>
          changed(q, {
            sample: (seed, shape) =>
              tf.relu(
                tf.round(tf.add(q.mean, tf.mul(tf.sqrt(q.variance), normalNoise(seed, shape)))),
              ),
          })),
      ),
  },
];

/** Stand-ins of likelihoods that are wrong, beside those that are sound. */
export const standInLikelihoods: Suite = {
  name: "stand-ins: likelihoods",
  sound: soundOf("poissonLikelihood", "columns"),
  mutants,
};
