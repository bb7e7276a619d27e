/**
 * Operations of the core and their gradients, against their definitions on cpu.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { log1p } from "../../core/operations/log1p.ts";
import { digamma, logGamma } from "../../core/operations/log_gamma.ts";
import {
  digammaDifference,
  logBeta,
  logGammaRatio,
} from "../../core/operations/log_gamma_ratio.ts";
import { logSumExp } from "../../core/operations/log_sum_exp.ts";
import { negativeBinomialLogProb } from "../../core/operations/negative_binomial_log_prob.ts";
import { poissonLogProb } from "../../core/operations/poisson_log_prob.ts";
import { logStandardGammaSlope } from "../../core/operations/standard_gamma.ts";
import type { Tensor } from "../../core/types.ts";
import { errorOf } from "../core/backend/gpu/check.ts";
import { answersOf, type Case, CASES } from "../core/backend/gpu/operations.ts";

/** Where functions of positive numbers differ: near 0, around 1, and far out. */
const POSITIVE = [[1e-3, 0.03, 0.4], [0.6, 1, 2, 7], [30, 1e3, 1e5]];

/** A function of one positive number. */
function ofPositive(name: string, run: (x: Tensor) => Tensor): readonly Case[] {
  return POSITIVE.map((numbers) => ({
    name: `${name} of ${numbers}`,
    inputs: [{ numbers }],
    run: ([x]) => run(x!),
  }));
}

const counts = (): Tensor => tf.tensor1d([0, 1, 2, 40, 3000]);

/** What has no kernel, and is made of many operations of TensorFlow.js. */
const COMPOSED: readonly Case[] = [
  ...ofPositive("logGamma", logGamma),
  ...ofPositive("digamma", digamma),
  ...ofPositive("logGammaRatio", (x) => logGammaRatio(x, 0.5)),
  ...ofPositive("digammaDifference", (x) => digammaDifference(x, 0.5)),
  ...ofPositive("logBeta", (x) => logBeta(x, tf.add(tf.square(x), 0.1))),
  ...ofPositive("log1p", log1p),
  ...ofPositive(
    "logStandardGammaSlope",
    (x) => logStandardGammaSlope(tf.add(x, 1), tf.reshape(tf.log(tf.add(x, 0.5)), [1, -1])),
  ).map((
    each,
  ) => ({ ...each, differentiable: false })),
  {
    name: "logSumExp",
    inputs: [[5, 7]],
    run: ([x]) => logSumExp(tf.mul(x!, 30)),
  },
  {
    name: "poissonLogProb",
    inputs: [{ numbers: [-3, 0, 1, 4, 8] }],
    run: ([logRate]) => poissonLogProb(logRate!, counts()),
  },
  {
    name: "negativeBinomialLogProb",
    inputs: [{ numbers: [-3, 0, 1, 4, 8] }, { numbers: [-3, 5, 0.1, -1, 2] }],
    run: ([logMean, logInverseDispersion]) =>
      negativeBinomialLogProb(
        { logMean: logMean!, logInverseDispersion: logInverseDispersion! },
        counts(),
      ),
  },
];

/**
 * The errors of operations by what was computed, each over 1 + the largest number. The short form
 * leaves out those with kernels, which the tests of the backends look into.
 */
export async function operationErrors(
  short: boolean,
  onCpu: () => Promise<unknown>,
  onBackend: () => Promise<unknown>,
): Promise<Readonly<Record<string, number>>> {
  const cases = short ? COMPOSED : [...CASES, ...COMPOSED], expected: number[][][] = [];
  await onCpu();
  for (const each of cases) expected.push(await answersOf(each));
  await onBackend();
  const errors: Record<string, number> = {};
  for (const [i, each] of cases.entries()) {
    errors[each.name] = errorOf(await answersOf(each), expected[i]!);
  }
  return errors;
}
