/**
 * Rules about KL divergences: what their rows must add up to.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Term } from "../../../core/ledger.ts";
import type { Tensor } from "../../../core/types.ts";
import type { AnyDivergence, DivergenceSubject } from "../cases/divergence.ts";
import { aboutPairs, estimateOf, type Pair } from "../cases/pair.ts";
import { gridsOf, massesOf, pointsOf, QUADRATURE, type Sizes } from "../numerics/grids.ts";
import { columns, numbers } from "../numerics/numbers.ts";
import {
  allowance,
  estimate,
  type Estimated,
  REPLICATES,
  requireExpectation,
} from "../numerics/statistics.ts";
import { type Rule, SAMPLED } from "../rule.ts";
import { shown, Violation } from "../violation.ts";
import { arePerDatum, likeRows, sumOfRows } from "./terms.ts";

/** What rounding may leave of a KL that is 0, or take from one. */
const ZERO = 5e-5;

const natsOf = (terms: readonly Term[]): readonly Tensor[] => terms.map(({ nats }) => nats);

/** The raw nats of all rows, with the standard error of those that are sampled. */
function rawNats(divergence: AnyDivergence, pair: Pair): readonly Estimated[] {
  const terms = estimateOf(divergence, pair, pair.noise);
  if (terms.every(({ estimator }) => estimator === "closed form")) {
    const values = numbers(sumOfRows(natsOf(terms)));
    return Array.from(values, (mean) => ({ mean, error: 0, count: Infinity }));
  }
  const replicates = Array.from({ length: REPLICATES }, (_, r) => {
    const again = estimateOf(divergence, pair, pair.noise.split(`${r}`), { samples: 256 });
    return Array.from(numbers(sumOfRows(natsOf(again))));
  });
  return replicates[0]!.map((_, i) => estimate(replicates.map((values) => values[i]!)));
}

/** D(q ‖ p) ≥ 0, of a KL and of whatever else has a closed form. */
export function nonNegativity({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "non-negativity",
    statement: "D(q ‖ p) is never negative",
    event: pair.posterior.several,
    cost: SAMPLED,
  };
  return aboutPairs(pair, rule, (given) => {
    for (const kl of rawNats(divergence, given)) {
      if (kl.mean + allowance(kl) >= -ZERO * (1 + Math.abs(kl.mean))) continue;
      throw new Violation(`at least 0 ± ${shown(allowance(kl) + ZERO)}`, shown(kl.mean));
    }
  });
}

/** D(p ‖ p) = 0, of the same. */
export function identity({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "identity",
    statement: "D(p ‖ p) is 0",
    event: pair.posterior.several,
    cost: SAMPLED,
  };
  return aboutPairs(pair, rule, (given) => {
    for (const kl of rawNats(divergence, { ...given, q: given.p })) {
      requireExpectation("D(p ‖ p)", kl, 0, ZERO);
    }
  });
}

/** KL(q ‖ p) of every row by quadrature. */
function quadratureOf(pair: Pair, sizes: Sizes): readonly number[] {
  const { q, p } = pair, grids = gridsOf(pair, sizes);
  const masses = massesOf(q, grids, q.batch);
  const value = pointsOf(grids, [q.batch, ...q.event]);
  const ratios = columns(tf.sub(q.logProb(value), p.logProb(value)));
  return ratios.map((ratio, b) => {
    const mass = masses[Math.min(b, masses.length - 1)]!;
    return mass.reduce((sum, weight, k) => sum + (weight === 0 ? 0 : weight * ratio[k]!), 0);
  });
}

/** KL(q ‖ p) = ∫ q(z) (log q(z) − log p(z)) dz, by quadrature. */
export function quadrature({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "quadrature",
    statement: "the raw nats of its rows add up to ∫ q(z) (log q(z) − log p(z)) dz",
    event: pair.posterior.smallest,
    cost: SAMPLED,
  };
  return aboutPairs(pair, rule, (given) => {
    const terms = estimateOf(divergence, given, given.noise);
    const exact = likeRows(quadratureOf(given, pair.posterior.options), natsOf(terms));
    rawNats(divergence, given).forEach((kl, b) => {
      requireExpectation("KL(q ‖ p)", kl, exact[b]!, QUADRATURE * (1 + Math.abs(exact[b]!)));
    });
  });
}

/** Throws unless the raw nats are the mean of log q(z) − log p(z) over independent draws. */
function requireSampled(divergence: AnyDivergence, given: Pair): void {
  const { q, p, noise } = given;
  const z = q.draw(noise.split("independent"), 2 ** 13).value;
  const ratios = columns(tf.sub(q.logProb(z), p.logProb(z)));
  const perDatum = arePerDatum(natsOf(estimateOf(divergence, given, noise)));
  const lists = perDatum ? ratios : [
    ratios[0]!.map((_, k) => ratios.reduce((sum, list) => sum + list[k]!, 0) / ratios.length),
  ];
  rawNats(divergence, given).forEach((kl, b) => {
    const sampled = estimate(lists[b]!);
    const slack = allowance(sampled) + QUADRATURE * (1 + Math.abs(sampled.mean));
    requireExpectation("KL(q ‖ p)", kl, sampled.mean, slack);
  });
}

/** KL(q ‖ p) = E_q[log q(z) − log p(z)], by independent draws. */
export function sampling({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "sampling",
    statement: "the raw nats of its rows add up to the mean of log q(z) − log p(z) over draws",
    event: pair.posterior.several,
    cost: SAMPLED,
  };
  return aboutPairs(pair, rule, (given) => requireSampled(divergence, given));
}

/** The same for latents of several axes. */
export function eventAxes({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "event axes",
    statement: "a latent of two axes is summed over both",
    event: [2, 2],
    cost: SAMPLED,
  };
  return aboutPairs(pair, rule, (given) => requireSampled(divergence, given));
}
