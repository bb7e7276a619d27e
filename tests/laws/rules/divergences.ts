/**
 * All rules that hold of divergences.
 *
 * @module
 */
import type { Progress } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import type { Distribution } from "../../../core/distribution.ts";
import type { Divergence } from "../../../core/divergence.ts";
import type { Term } from "../../../core/ledger.ts";
import { sizeOf, type Tensor } from "../../../core/types.ts";
import type { Tensors } from "../cases/inputs.ts";
import { backends, type Comparison, figuresOf } from "./backends.ts";
import { memory } from "./memory.ts";
import { contract } from "./contract.ts";
import { directionOf, gradientsOf, motionOf, requireGradient } from "../numerics/differences.ts";
import { ROUNDING } from "./draws.ts";
import { gridsOf, massesOf } from "../numerics/grids.ts";
import { columns, fromColumns, numbers } from "../numerics/numbers.ts";
import {
  aboutPairs,
  BATCH,
  estimateOf,
  type Pair,
  pairsOf,
  SAMPLES,
  type SubjectPair,
} from "../cases/pair.ts";
import type { Rule } from "../rule.ts";
import {
  allowance,
  estimate,
  type Estimated,
  REPLICATES,
  requireExpectation,
} from "../numerics/statistics.ts";
import { likeRows, requireTerms, sumOfRows } from "./terms.ts";
import { print, require, requireClose, requireFinite, Violation } from "../violation.ts";

/** What an author says that a row contributes, as plain numbers. */
export type Contributes = (row: {
  /** The name of the row. */
  readonly name: string;
  /** Its raw value, in nats. */
  readonly nats: number;
  /** The raw value of each latent element, where the row has them. */
  readonly factors: readonly number[] | undefined;
  /** How far training has come. */
  readonly progress: Progress;
}) => number;

type AnyDivergence = Divergence<Distribution, Distribution>;

/** A divergence and the pair that it is tested on. */
export interface DivergenceSubject {
  readonly divergence: AnyDivergence;
  readonly pair: SubjectPair;
  readonly contributes: Contributes | undefined;
}

/** What rounding may leave of a KL that is 0, or take from one. */
const ZERO = 5e-5;

/** What quadrature in float32 may be off. */
const QUADRATURE = 2e-3;

const natsOf = (terms: readonly Term[]): readonly Tensor[] => terms.map(({ nats }) => nats);

/** The raw nats of all rows, with the standard error of those that are sampled. */
function rawNats(divergence: AnyDivergence, { q, p }: Pair, pair: Pair): readonly Estimated[] {
  const terms = estimateOf(divergence, { q, p }, pair.noise);
  if (terms.every(({ estimator }) => estimator === "closed form")) {
    const values = numbers(sumOfRows(natsOf(terms)));
    return Array.from(values, (mean) => ({ mean, error: 0, count: Infinity }));
  }
  const replicates = Array.from({ length: REPLICATES }, (_, r) => {
    const again = estimateOf(divergence, { q, p }, pair.noise.split(`${r}`), { samples: 64 });
    return Array.from(numbers(sumOfRows(natsOf(again))));
  });
  return replicates[0]!.map((_, i) => estimate(replicates.map((values) => values[i]!)));
}

function rows({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "rows",
    statement: "its rows are named, shaped and finite, and say truly how they were computed",
    event: pair.posterior.several,
  };
  return aboutPairs(pair, rule, (given) => {
    const { noise, progress, event } = given;
    const terms = estimateOf(divergence, given, noise, { progress });
    requireTerms(terms, BATCH);
    const others = estimateOf(divergence, given, noise.split("other"), { progress });
    terms.forEach((term, i) => {
      const { name, estimator, samples, nats, factors } = term;
      if (estimator === "closed form") {
        const again = numbers(others[i]!.nats);
        requireClose(`'${name}' with other draws`, again, numbers(nats), ROUNDING);
      } else if (samples !== SAMPLES && divergence.isKl) {
        throw new Violation(`'samples' of '${name}' to be ${SAMPLES}, as was drawn`, `${samples}`);
      }
      if (factors === undefined) return;
      require(
        String(factors.shape) === String([BATCH, ...event]),
        `factors of '${name}' of shape [${[BATCH, ...event]}]`,
        `[${factors.shape}]`,
      );
      const axes = event.map((_, axis) => axis + 1);
      const summed = numbers(tf.sum(factors, axes));
      requireClose(`the sum of the factors of '${name}'`, summed, numbers(nats), ROUNDING);
    });
  });
}

function contributions({ divergence, pair, contributes }: DivergenceSubject): Rule {
  const rule = {
    name: "contributions",
    statement: "every row contributes what it says: −weight × nats, or what its author has stated",
    event: pair.posterior.several,
  };
  return aboutPairs(pair, rule, (given) => {
    const { noise, progress, event } = given;
    for (const term of estimateOf(divergence, given, noise, { progress })) {
      const { name, nats, weight, factors, contribution } = term;
      const raw = numbers(nats), seen = numbers(contribution), size = sizeOf(event);
      const each = factors && numbers(factors);
      const expected = Array.from(raw, (value, b) => {
        const own = each && Array.from(each).slice(b * size, (b + 1) * size);
        const stated = contributes?.({ name, nats: value, factors: own, progress });
        if (stated === undefined && weight === undefined) {
          throw new Violation(
            `the option 'contributes' for the row '${name}', which says no weight`,
            "none",
          );
        }
        return stated ?? -weight! * value;
      });
      requireClose(`the contribution of '${name}' at step ${progress.step}`, seen, expected, {
        absolute: 1e-4,
        relative: 1e-4,
      });
      if (weight === undefined) continue;
      const weighed = expected.map((_, b) => -weight * raw[b]!);
      requireClose(`−weight × nats of '${name}'`, weighed, expected, ROUNDING);
    }
  });
}

function nonNegativity({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "non-negativity",
    statement: "KL(q ‖ p) is never negative",
    event: pair.posterior.several,
    sampled: true,
  };
  return aboutPairs(pair, rule, (given) => {
    for (const kl of rawNats(divergence, given, given)) {
      if (kl.mean + allowance(kl) >= -ZERO * (1 + Math.abs(kl.mean))) continue;
      throw new Violation(`at least 0 ± ${print(allowance(kl) + ZERO)}`, print(kl.mean));
    }
  });
}

function identity({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "identity",
    statement: "KL(p ‖ p) is 0",
    event: pair.posterior.several,
    sampled: true,
  };
  return aboutPairs(pair, rule, (given) => {
    for (const kl of rawNats(divergence, { ...given, q: given.p }, given)) {
      requireExpectation("KL(p ‖ p)", kl, 0, ZERO);
    }
  });
}

/** KL(q ‖ p) of every row by quadrature. */
function quadratureOf({ q, p, ...example }: Pair): readonly number[] {
  const grids = gridsOf({ ...example, q, make: () => q, batch: BATCH });
  const masses = massesOf(q, grids, q.batch);
  const longest = Math.max(...grids.map(({ points }) => points.length));
  const points = grids.map((grid) =>
    Float64Array.from({ length: longest }, (_, k) => grid.points[k] ?? grid.points.at(-1)!)
  );
  const value = fromColumns(points, [q.batch, ...q.event]);
  const ratios = columns(tf.sub(q.logProb(value), p.logProb(value)));
  return ratios.map((ratio, b) => {
    const mass = masses[Math.min(b, masses.length - 1)]!;
    return mass.reduce((sum, weight, k) => sum + (weight === 0 ? 0 : weight * ratio[k]!), 0);
  });
}

function quadrature({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "quadrature",
    statement: "the raw nats of its rows add up to ∫ q(z) (log q(z) − log p(z)) dz",
    event: pair.posterior.smallest,
    sampled: true,
  };
  return aboutPairs(pair, rule, (given) => {
    const terms = estimateOf(divergence, given, given.noise);
    const exact = likeRows(quadratureOf(given), natsOf(terms));
    rawNats(divergence, given, given).forEach((kl, b) => {
      requireExpectation("KL(q ‖ p)", kl, exact[b]!, QUADRATURE * (1 + Math.abs(exact[b]!)));
    });
  });
}

function sampling({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "sampling",
    statement: "the raw nats of its rows add up to the mean of log q(z) − log p(z) over draws",
    event: pair.posterior.several,
    sampled: true,
  };
  return aboutPairs(pair, rule, (given) => {
    const { q, p, noise } = given;
    const z = q.draw(noise.split("independent"), 2 ** 13).value;
    const ratios = columns(tf.sub(q.logProb(z), p.logProb(z)));
    const terms = natsOf(estimateOf(divergence, given, noise));
    const perDatum = terms.every((row) => row.rank === 1);
    const lists = perDatum ? ratios : [
      ratios[0]!.map((_, k) => ratios.reduce((sum, list) => sum + list[k]!, 0) / ratios.length),
    ];
    rawNats(divergence, given, given).forEach((kl, b) => {
      const sampled = estimate(lists[b]!);
      const slack = allowance(sampled) + QUADRATURE * (1 + Math.abs(sampled.mean));
      requireExpectation("KL(q ‖ p)", kl, sampled.mean, slack);
    });
  });
}

/** The contributions of a pair, as a function of its tensors. */
function contributionOf(
  divergence: AnyDivergence,
  { make, noise, progress }: Pair,
): (tensors: Tensors) => Tensor {
  return (tensors) =>
    sumOfRows(
      estimateOf(divergence, make(tensors), noise, { progress }).map((term) => term.contribution),
    );
}

function gradients({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "gradients",
    statement: "what it contributes has the gradients that finite differences see",
    event: pair.posterior.several,
  };
  return aboutPairs(pair, rule, (given) => {
    const { inputs, tensors, noise } = given, contributed = contributionOf(divergence, given);
    const found = gradientsOf((given) => tf.sum(contributed(given)), tensors);
    for (const [name, tensor] of Object.entries(tensors)) {
      const direction = directionOf(tensor, motionOf(inputs, name), noise.split(name));
      requireGradient("the contribution", contributed, tensors, name, found[name]!, direction);
    }
  });
}

function extremes({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "extremes",
    statement: "with extreme parameters its rows and their gradients stay finite",
    event: pair.posterior.several,
    extreme: true,
  };
  return aboutPairs(pair, rule, (given) => {
    const contributed = contributionOf(divergence, given);
    requireFinite("a contribution", numbers(contributed(given.tensors)));
    const found = gradientsOf((tensors) => tf.sum(contributed(tensors)), given.tensors);
    for (const [name, gradient] of Object.entries(found)) {
      requireFinite(`the gradient by '${name}'`, numbers(gradient));
    }
  });
}

function seeds({ divergence, pair }: DivergenceSubject): Rule {
  const rule = {
    name: "seeds",
    statement: "the same draws and the same seed give the same rows",
    event: pair.posterior.several,
  };
  return aboutPairs(pair, rule, (given) => {
    const read = (): string =>
      estimateOf(divergence, given, given.noise).map((term) => numbers(term.nats)).join();
    require(read() === read(), "the same rows", "other rows");
  });
}

/** The rows, their contributions, and the gradients of these. */
function comparison({ divergence, pair }: DivergenceSubject): Comparison<Pair> {
  return {
    backends: pair.posterior.options.backends,
    compute: (given) => {
      const terms = estimateOf(divergence, given, given.noise, { progress: given.progress });
      const contributed = contributionOf(divergence, given);
      const named = (of: (term: Term) => Tensor) =>
        Object.fromEntries(terms.map((term) => [term.name, of(term)]));
      return {
        ...figuresOf("the nats of", named(({ nats }) => nats)),
        ...figuresOf("the contribution of", named(({ contribution }) => contribution)),
        ...figuresOf(
          "the gradient of the contribution by",
          gradientsOf((tensors) => tf.sum(contributed(tensors)), given.tensors),
        ),
      };
    },
  };
}

/** The rules of a divergence: those of a KL where it says that it is one. */
export function divergenceRules(subject: DivergenceSubject): readonly Rule[] {
  const { divergence, pair } = subject, pairs = pairsOf(pair, pair.posterior.several);
  const isKl = divergence?.isKl !== false;
  const single = sizeOf(pair.posterior.smallest) === 1;
  return [
    contract("divergence", divergence, { isKl: "boolean", estimate: "function" }),
    rows(subject),
    contributions(subject),
    ...(isKl ? [nonNegativity(subject), identity(subject), sampling(subject)] : []),
    ...(isKl && single ? [quadrature(subject)] : []),
    gradients(subject),
    extremes(subject),
    seeds(subject),
    memory(pairs, (given) => {
      const contributed = contributionOf(divergence, given);
      gradientsOf((tensors) => tf.sum(contributed(tensors)), given.tensors);
    }),
    backends(pairs, comparison(subject)),
  ];
}
