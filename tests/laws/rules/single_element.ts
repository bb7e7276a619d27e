/**
 * Rules about one element of an event: the density against itself, and the draws against it.
 *
 * @module
 */
import { hasMean, hasVariance } from "../../../core/distribution.ts";
import { about, drawsOf, type Example } from "../cases/example.ts";
import type { Subject } from "../cases/subject.ts";
import {
  expectation,
  type Grid,
  gridsOf,
  massesOf,
  QUADRATURE,
  tailOf,
} from "../numerics/grids.ts";
import { columns, numbers } from "../numerics/numbers.ts";
import { estimate, largestGap, requireExpectation } from "../numerics/statistics.ts";
import { type Rule, SAMPLED } from "../rule.ts";
import { requireClose, requireShape, shown, Violation } from "../violation.ts";

/** Draws of every element. */
const DRAWS = 2 ** 16;

const everyOther = (sum: number, mass: number, i: number): number => i % 2 ? sum : sum + mass;

/** ∫ p(x) dx = 1. */
export function normalization(subject: Subject): Rule {
  const rule = {
    name: "normalization",
    statement: "the density of an element integrates or sums to 1",
    event: subject.smallest,
    cost: SAMPLED,
  };
  return about(subject, rule, (example) => {
    const grids = gridsOf(example, subject.options);
    massesOf(example.q, grids, example.q.batch).forEach((masses, i) => {
      const sum = expectation(grids[i]!, masses, () => 1), tail = tailOf(grids[i]!, masses);
      const { discrete } = grids[i]!;
      // Where the density jumps, halving the mesh says how far the sum may be off.
      const jumps = discrete ? 0 : Math.abs(sum - 2 * masses.reduce(everyOther, 0));
      const absolute = QUADRATURE + Math.min(tail + 2 * jumps, 0.01);
      requireClose("the integral", [sum], [1], { absolute });
    });
  });
}

/** F(x) at the points of a grid: halfway up the mass of each. */
function distributionFunction(masses: Float64Array): Float64Array {
  let below = 0;
  return masses.map((mass) => {
    below += mass;
    return below - mass / 2;
  });
}

/** Throws unless as many draws lie below every point as should. */
function requireNoGap(
  { points, discrete }: Grid,
  masses: Float64Array,
  sorted: Float64Array,
): void {
  const bound = largestGap(DRAWS) + QUADRATURE, middle = distributionFunction(masses);
  let below = 0;
  points.forEach((point, k) => {
    while (below < DRAWS && sorted[below]! <= point) below++;
    const expected = middle[k]! + (discrete ? masses[k]! / 2 : 0), seen = below / DRAWS;
    if (Math.abs(seen - expected) <= bound) return;
    throw new Violation(
      `${shown(expected)} ± ${shown(bound)} of the draws up to ${shown(point)}`,
      `${shown(seen)} of ${DRAWS}`,
    );
  });
}

/** 2F(x) − 1 of sorted draws, which is even on (−1, 1) where x is continuous. */
function ranksOf({ points, discrete }: Grid, masses: Float64Array, sorted: Float64Array) {
  const middle = distributionFunction(masses);
  let k = 0;
  return sorted.map((x) => {
    while (k < points.length - 1 && points[k]! < x) k++;
    if (discrete || k === 0) return 2 * middle[k]! - 1;
    const share = Math.min((x - points[k - 1]!) / (points[k]! - points[k - 1]!), 1);
    return 2 * (middle[k - 1]! + share * (middle[k]! - middle[k - 1]!)) - 1;
  });
}

/** sup |F̂(x) − F(x)| is small, and F(x) has the mean and the spread of an even number. */
export function goodnessOfFit(subject: Subject): Rule {
  const rule = {
    name: "goodness of fit",
    statement: "draws of an element are distributed as its density says",
    event: subject.smallest,
    cost: SAMPLED,
  };
  return about(subject, rule, (example) => {
    const grids = gridsOf(example, subject.options);
    const masses = massesOf(example.q, grids, example.q.batch);
    columns(drawsOf(example, "draws", DRAWS)).forEach((draws, i) => {
      const grid = grids[i]!, mass = masses[i]!, sorted = draws.sort();
      requireNoGap(grid, mass, sorted);
      const ranks = ranksOf(grid, mass, sorted);
      const expected = distributionFunction(mass).map((middle) => 2 * middle - 1);
      const evenly = expected.reduce((sum, rank, k) => sum + mass[k]! * rank ** 2, 0);
      requireExpectation("the mean of 2F(x) − 1 over draws", estimate(ranks), 0, QUADRATURE);
      const squares = estimate(ranks.map((rank) => rank ** 2));
      requireExpectation("the mean of (2F(x) − 1)² over draws", squares, evenly, QUADRATURE);
    });
  });
}

/** The mean and the variance of every element, as far as they are declared. */
function declaredMoments({ q, event }: Example) {
  const shape = [q.batch, ...event];
  if (hasMean(q)) requireShape("a mean", q.mean, shape);
  if (hasVariance(q)) requireShape("a variance", q.variance, shape);
  return {
    means: hasMean(q) ? numbers(q.mean) : [],
    variances: hasVariance(q) ? numbers(q.variance) : [],
  };
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
    const { q } = example, { means, variances } = declaredMoments(example);
    const grids = gridsOf(example, subject.options);
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
        if (declared === undefined) return;
        // It may have none, as Cauchy's distribution: then its tails show.
        if (Math.abs(declared) === Infinity && kurtosis > LARGEST_KURTOSIS) return;
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

/** The same of events whose elements belong together: they are bounded, so that draws will do. */
export function momentsTogether(subject: Subject): Rule {
  const rule = {
    name: "moments",
    statement: "the mean and the variance that it declares are those of its draws",
    event: subject.several,
    cost: SAMPLED,
  };
  return about(subject, rule, (example) => {
    const { means, variances } = declaredMoments(example);
    columns(drawsOf(example, "draws", DRAWS / 4)).forEach((draws, i) => {
      const seen = estimate(draws), center = means[i] ?? seen.mean, spread = variances[i];
      requireExpectation("the mean of draws", seen, center, QUADRATURE);
      if (spread === undefined) return;
      const squares = estimate(draws.map((x) => (x - center) ** 2));
      requireExpectation("the variance of draws", squares, spread, QUADRATURE);
    });
  });
}
