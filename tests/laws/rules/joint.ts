/**
 * Rules about events of several elements: the joint density against itself and against the draws.
 *
 * @module
 */
import { isFactorized } from "../../../core/distribution.ts";
import { normalNoise, type Seed } from "../../../core/random.ts";
import { sizeOf } from "../../../core/types.ts";
import { about, drawsOf, type Example } from "../cases/example.ts";
import type { Subject } from "../cases/subject.ts";
import { gridsOf, isContinuous, type Sizes } from "../numerics/grids.ts";
import { centerOf, columns } from "../numerics/numbers.ts";
import { everyPoint, massesAt, type Points, pointsFor } from "../numerics/points.ts";
import { allowance, estimate, type Estimated, requireExpectation } from "../numerics/statistics.ts";
import { type Rule, SAMPLED } from "../rule.ts";
import { shown } from "../violation.ts";

/** Points that stand for the support, and draws that are held against them. */
const POINTS = 2 ** 13, DRAWS = 2 ** 15;

/** The points that stand for the whole support: all there are, or weighted ones. */
export function supportOf(example: Example, sizes: Sizes): Points {
  const { elements, noise } = example;
  if (typeof elements !== "string" && !elements.some((leaf) => isContinuous(leaf, sizes))) {
    const points = everyPoint(example, gridsOf(example, sizes).map((grid) => grid.points));
    if (points !== undefined) return points;
  }
  const draws = drawsOf(example, "pilots", 1024);
  return pointsFor(example, draws, POINTS, noise.split("points"), sizes);
}

/** The expectation of a function `[n]` of points, with its standard error. */
export function expectationAt(
  masses: Float64Array,
  values: ArrayLike<number>,
  exact: boolean,
): Estimated {
  const summands = masses.map((mass, k) => mass === 0 ? 0 : mass * values[k]!);
  if (!exact) return estimate(summands);
  return { mean: summands.reduce((a, b) => a + b, 0), error: 0, count: Infinity };
}

/** ∫ p(x) dx = 1 over events of several elements. */
export function jointNormalization(subject: Subject): Rule {
  const rule = {
    name: "joint normalization",
    statement: "the density of an event of several elements integrates or sums to 1",
    event: subject.several,
    batch: 1,
    cost: SAMPLED,
  };
  return about(subject, rule, (example) => {
    const points = supportOf(example, subject.options);
    const masses = massesAt(example.q.logProb(points.value), points);
    const seen = expectationAt(masses, new Float64Array(masses.length).fill(1), points.exact);
    requireExpectation("the integral", seen, 1, 5e-3);
  });
}

/** Waves across all elements, long and short, in directions of their own for every case. */
const WAVES = 12, FREQUENCIES = [1, 2, 4] as const;

/** Functions of an event that stay between −1 and 1 and together see its shape. */
function features(
  elements: readonly Float64Array[],
  places: readonly { center: number; spread: number }[],
  noise: Seed,
): readonly { name: string; values: Float64Array }[] {
  const scores = elements.map((list, i) =>
    list.map((x) => (x - places[i]!.center) / places[i]!.spread)
  );
  const bounded = scores.map((list) => list.map(Math.tanh));
  const products = bounded.flatMap((a, i) => [
    { name: `tanh x${i}`, values: a },
    ...bounded.slice(i).map((b, j) => ({
      name: `tanh x${i} · tanh x${i + j}`,
      values: a.map((score, k) => score * b[k]!),
    })),
  ]);
  const frequencies = columns(normalNoise(noise, [WAVES, scores.length]));
  const waves = Array.from({ length: WAVES }, (_, wave) => {
    const longest = FREQUENCIES[wave % FREQUENCIES.length]!;
    const omega = frequencies.map((list) => longest * list[wave]!);
    return {
      name: `cos(${omega.map(shown).join(", ")})·x`,
      values: scores[0]!.map((_, k) =>
        Math.cos(omega.reduce((sum, w, i) => sum + w * scores[i]![k]!, wave))
      ),
    };
  });
  return [...products, ...waves];
}

/** E[f] over draws = ∫ p f for some bounded f. */
export function jointGoodnessOfFit(subject: Subject): Rule {
  const rule = {
    name: "joint goodness of fit",
    statement: "draws of several elements are distributed together as the density says",
    event: subject.several,
    batch: 1,
    cost: SAMPLED,
  };
  return about(subject, rule, (example) => {
    const points = supportOf(example, subject.options);
    const masses = massesAt(example.q.logProb(points.value), points);
    const draws = columns(drawsOf(example, "draws", DRAWS)), places = draws.map(centerOf);
    const noise = example.noise.split("features");
    const expected = features(columns(points.value), places, noise);
    features(draws, places, noise).forEach(({ name, values }, i) => {
      const seen = estimate(values);
      const exact = expectationAt(masses, expected[i]!.values, points.exact);
      requireExpectation(`the mean of ${name}`, seen, exact.mean, allowance(exact) + 5e-3);
    });
  });
}

/** Draws of which each is held against the others. */
const COMPARED = 2 ** 13;

/** How far apart samples are that might know of each other: neighbours, and halves of one draw. */
const LAGS = [1, COMPARED / 2] as const;

/** Draws know nothing of each other. */
export function independence(subject: Subject): Rule {
  const rule = {
    name: "independence",
    statement: "draws of one row, of other rows and of other samples know nothing of each other",
    event: subject.several,
    cost: SAMPLED,
  };
  return about(subject, rule, (example) => {
    const { q } = example, size = sizeOf(example.event);
    const scores = columns(drawsOf(example, "draws", COMPARED)).map((list) => {
      const { center, spread } = centerOf(list);
      const bounded = list.map((x) => Math.tanh((x - center) / spread));
      const { mean } = estimate(bounded);
      return bounded.map((score) => score - mean);
    });
    const requireUncorrelated = (what: string, a: Float64Array, b: Float64Array): void => {
      const products = estimate(a.subarray(0, b.length).map((score, k) => score * b[k]!));
      requireExpectation(`the covariance of draws of ${what}`, products, 0, 2e-3);
    };
    scores.forEach((a, i) => {
      for (const lag of LAGS) requireUncorrelated(`samples ${lag} apart`, a, a.subarray(lag));
      scores.slice(i + 1).forEach((b, j) => {
        const sameRow = Math.floor(i / size) === Math.floor((i + 1 + j) / size);
        if (sameRow && !isFactorized(q)) return;
        requireUncorrelated(sameRow ? "two elements" : "two rows", a, b);
      });
    });
  });
}
