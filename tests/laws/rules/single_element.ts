/**
 * Rules about one element of an event: the density against itself, and the draws against it.
 *
 * @module
 */
import { hasMean, hasVariance } from "../../../core/distribution.ts";
import { about, drawsOf } from "../cases/example.ts";
import type { Subject } from "../cases/subject.ts";
import { expectation, gridsOf, massesOf, tailOf } from "../numerics/grids.ts";
import { columns, numbers } from "../numerics/numbers.ts";
import { estimate, largestGap, requireExpectation } from "../numerics/statistics.ts";
import { type Rule, SAMPLED } from "../rule.ts";
import { print, requireClose, requireShape, Violation } from "../violation.ts";

/** What quadrature in float32 may be off. */
const QUADRATURE = 2e-3;

/** Draws of every element. */
const DRAWS = 2 ** 14;

/** ∫ p(x) dx = 1. */
export function normalization(subject: Subject): Rule {
  const rule = {
    name: "normalization",
    statement: "the density of an element integrates or sums to 1",
    event: subject.smallest,
    cost: SAMPLED,
  };
  return about(subject, rule, (example) => {
    const grids = gridsOf(example, subject.options.categories);
    massesOf(example.q, grids, example.q.batch).forEach((masses, i) => {
      const sum = expectation(grids[i]!, masses, () => 1), tail = tailOf(grids[i]!, masses);
      requireClose("the integral", [sum], [1], { absolute: QUADRATURE + Math.min(tail, 0.01) });
    });
  });
}

/** sup |F̂(x) − F(x)| is small. */
export function goodnessOfFit(subject: Subject): Rule {
  const rule = {
    name: "goodness of fit",
    statement: "draws of an element are distributed as its density says",
    event: subject.smallest,
    cost: SAMPLED,
  };
  return about(subject, rule, (example) => {
    const grids = gridsOf(example, subject.options.categories);
    const masses = massesOf(example.q, grids, example.q.batch);
    columns(drawsOf(example, "draws", DRAWS)).forEach((draws, i) => {
      const { points, discrete } = grids[i]!, sorted = draws.sort();
      const bound = largestGap(DRAWS) + QUADRATURE;
      let below = 0, probability = 0;
      points.forEach((point, k) => {
        while (below < DRAWS && sorted[below]! <= point) below++;
        const mass = masses[i]![k]!;
        const here = probability + (discrete ? mass : mass / 2), seen = below / DRAWS;
        probability += mass;
        if (Math.abs(seen - here) <= bound) return;
        throw new Violation(
          `${print(here)} ± ${print(bound)} of the draws up to ${print(point)}`,
          `${print(seen)} of ${DRAWS}`,
        );
      });
    });
  });
}

/** A fourth moment up to which a standard error of the variance can be trusted, in variances². */
const LARGEST_KURTOSIS = 50;

/** E[x] and Var[x], as they are declared. */
export function moments(subject: Subject): Rule {
  const rule = {
    name: "moments",
    statement: "the mean and the variance that it declares are those of its density and its draws",
    event: subject.smallest,
    cost: SAMPLED,
  };
  return about(subject, rule, (example) => {
    const { q, event } = example;
    if (hasMean(q)) requireShape("a mean", q.mean, [q.batch, ...event]);
    if (hasVariance(q)) requireShape("a variance", q.variance, [q.batch, ...event]);
    const means = hasMean(q) ? numbers(q.mean) : [];
    const variances = hasVariance(q) ? numbers(q.variance) : [];
    const grids = gridsOf(example, subject.options.categories);
    const masses = massesOf(q, grids, q.batch);
    columns(drawsOf(example, "draws", DRAWS)).forEach((draws, i) => {
      const momentOf = (f: (x: number) => number): number => expectation(grids[i]!, masses[i]!, f);
      const mean = momentOf((x) => x), square = (x: number): number => (x - mean) ** 2;
      const variance = momentOf(square);
      const kurtosis = momentOf((x) => (x - mean) ** 4) / variance ** 2;
      const compare = (
        what: string,
        declared: number | undefined,
        exact: number,
        unit: number,
        f: (x: number) => number,
      ): void => {
        // It may have none, as that of Cauchy's distribution.
        if (declared === undefined || Math.abs(declared) === Infinity) return;
        requireClose(`the declared ${what}`, [declared], [exact], { absolute: QUADRATURE * unit });
        if (!(kurtosis < LARGEST_KURTOSIS)) return;
        const seen = estimate(draws.map(f));
        requireExpectation(`the ${what} of draws`, seen, declared, QUADRATURE * unit);
      };
      compare("mean", means[i], mean, Math.sqrt(variance) + Math.abs(mean), (x) => x);
      compare("variance", variances[i], variance, variance + 1e-4, square);
    });
  });
}
