/**
 * All rules that hold of objectives, on a linear Gaussian model.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Ledger } from "../../../core/ledger.ts";
import type { Seed } from "../../../core/random.ts";
import type { Tensor } from "../../../core/types.ts";
import type { Tensors } from "../cases/inputs.ts";
import { ROWS } from "../cases/linear_gaussian.ts";
import {
  type AnyObjective,
  AT_TRUTH,
  EXAMPLES,
  type ObjectiveExample,
  type ObjectiveSubject,
} from "../cases/objective.ts";
import { fc } from "../deps.ts";
import {
  type Direction,
  directionOf,
  gradientsOf,
  requireGradient,
  slopeOf,
} from "../numerics/differences.ts";
import { columns, numbers, total } from "../numerics/numbers.ts";
import {
  allowance,
  estimate,
  type Estimated,
  REPLICATES,
  requireExpectation,
} from "../numerics/statistics.ts";
import { type Rule, ruleAbout, SAMPLED } from "../rule.ts";
import { glimpse } from "../time_limit.ts";
import { requireClose, requireShape, requireThat, ROUNDING, shown } from "../violation.ts";
import { backends, type Comparison, figuresOf } from "./backends.ts";
import { contract } from "./contract.ts";
import { memory } from "./memory.ts";
import { differentiated, requireTerms, sumOfRows } from "./terms.ts";

/** How often the data stand in a batch whose bounds are averaged. */
const BOUNDS = 1024;

/** The bound of every datum, each from many copies of it with noise of their own. */
function boundsOf(
  objective: AnyObjective,
  { ledger, noise, parameters }: ObjectiveExample,
  copies = BOUNDS,
): readonly Estimated[] {
  const { bound } = ledger(objective, noise, parameters, copies);
  requireShape("the bound", bound?.nats, [ROWS * copies]);
  return columns(tf.reshape(bound!.nats, [copies, ROWS])).map(estimate);
}

/** What float32 may be off in a bound. */
const TOLERANCE = 2e-3;

function rows({ objective }: ObjectiveSubject): Rule {
  const rule = {
    name: "rows",
    statement:
      "the rows add up to the objective, and to the bound where all contribute as they are",
  };
  return ruleAbout(EXAMPLES, rule, ({ ledger, noise }) => {
    const { terms, bound, objective: value, surrogate } = ledger(objective, noise);
    requireTerms(terms, ROWS);
    requireShape("the objective", value, []);
    if (surrogate !== undefined) requireShape("the surrogate", surrogate, []);
    const sums = numbers(sumOfRows(terms.map(({ contribution }) => contribution)));
    const mean = Array.from(sums).reduce((a, b) => a + b) / sums.length;
    requireClose("the objective", numbers(value), [mean], ROUNDING);
    if (bound === undefined) return;
    requireShape("the bound", bound.nats, [ROWS]);
    for (const { name, nats, contribution, weight } of terms) {
      if (weight === undefined) continue;
      const weighed = numbers(tf.abs(tf.mul(nats, weight)));
      requireClose(`weight × nats of '${name}'`, numbers(tf.abs(contribution)), weighed, ROUNDING);
    }
    const plain = terms.every(({ nats, contribution }) => {
      const raw = numbers(tf.abs(nats)), given = numbers(tf.abs(contribution));
      return raw.every((value, i) => Math.abs(value - given[i]!) <= 1e-5 * (1 + value));
    });
    if (!plain) return;
    const bounded = total(bound.nats) / ROWS;
    requireClose("the objective", numbers(value), [bounded], ROUNDING);
  });
}

function requireAtMost(limit: number, seen: number, what: string): void {
  requireThat(seen <= limit, `at most ${what}, ${shown(limit)} with its error`, shown(seen));
}

function requireAtLeast(limit: number, seen: number, what: string): void {
  requireThat(seen >= limit, `at least ${what}, ${shown(limit)} with its error`, shown(seen));
}

function bound({ objective }: ObjectiveSubject): Rule {
  const rule = {
    name: "bound",
    statement: "ELBO ≤ bound ≤ log p(x) in expectation, with equality to the ELBO where it is one",
    cost: SAMPLED,
  };
  return ruleAbout(EXAMPLES, rule, (example) => {
    boundsOf(objective, example).forEach((seen, b) => {
      const { evidence, elbo } = example.exact[b]!;
      const slack = allowance(seen) + TOLERANCE;
      requireAtMost(evidence + slack, seen.mean, "log p(x)");
      requireAtLeast(elbo - slack, seen.mean, "the ELBO");
      if (objective.divergence?.isKl) requireExpectation("the ELBO", seen, elbo, TOLERANCE);
    });
  });
}

function tightness({ objective }: ObjectiveSubject): Rule {
  const rule = {
    name: "tightness",
    statement: "at the true posterior the bound is log p(x)",
    cost: SAMPLED,
  };
  return ruleAbout(AT_TRUTH, rule, (example) => {
    boundsOf(objective, example).forEach((seen, b) => {
      requireExpectation("the bound", seen, example.exact[b]!.evidence, TOLERANCE);
    });
  });
}

function monotonicity({ withSamples }: ObjectiveSubject): Rule {
  const rule = {
    name: "monotonicity",
    statement: "more samples never make the bound worse, nor carry it beyond log p(x)",
    cost: SAMPLED,
  };
  return ruleAbout(EXAMPLES, rule, (example) => {
    const ladder = [1, 8, 64].map((samples) =>
      boundsOf(withSamples!(samples), example, BOUNDS / 4)
    );
    for (let b = 0; b < ROWS; b++) {
      for (const [fewer, more] of [[0, 1], [1, 2]] as const) {
        const low = ladder[fewer]![b]!, high = ladder[more]![b]!;
        const slack = allowance(low) + allowance(high) + TOLERANCE;
        requireAtLeast(low.mean - slack, high.mean, "the bound with fewer samples");
      }
      const most = ladder.at(-1)![b]!, { evidence } = example.exact[b]!;
      requireAtMost(evidence + allowance(most) + TOLERANCE, most.mean, "log p(x)");
    }
  });
}

/** A direction for everything that the objective depends on. */
function directionsOf(
  { parameters, noise }: ObjectiveExample,
): Readonly<Record<string, Direction>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => {
      const motion = name === "mean" || name === "bias" ? "additive" : "multiplicative";
      return [name, directionOf(tensor, motion, noise.split(name))];
    }),
  );
}

function gradients({ objective }: ObjectiveSubject): Rule {
  const rule = {
    name: "gradients",
    statement: "the objective has the gradients that finite differences see",
    cost: SAMPLED,
  };
  return ruleAbout(EXAMPLES, rule, (example) => {
    const { ledger, noise, parameters } = example, directions = directionsOf(example);
    const value = (given: Tensors): Tensor => ledger(objective, noise, given).objective;
    for (const [name, gradient] of Object.entries(gradientsOf(value, parameters))) {
      requireGradient("the objective", value, parameters, name, gradient, directions[name]!);
    }
  });
}

/** What q(z|x) is made of, and what p(x|z) is. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  posterior: ["mean", "scale"],
  likelihood: ["loadings", "bias", "noise"],
};

/** How often the data stand in a batch, so that one gradient is an average of as many. */
const COPIES = 256;

/** A surrogate may be noisier than the objective, but on average has its slopes. */
function surrogateGradients({ objective }: ObjectiveSubject): Rule {
  const rule = {
    name: "gradients",
    statement: "on average the surrogate has the gradients that differences of the objective see",
    cost: 5 * SAMPLED,
  };
  return ruleAbout(EXAMPLES, rule, (example) => {
    const { ledger, noise, parameters } = example, directions = directionsOf(example);
    const gaps: Record<string, number[]> = { posterior: [], likelihood: [] };
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      tf.tidy(() => {
        const seed = noise.split(`replicate ${replicate}`);
        const ledgerAt = (given: Tensors): Ledger => ledger(objective, seed, given, COPIES);
        const found = gradientsOf((given) => differentiated(ledgerAt(given)), parameters);
        for (const [part, names] of Object.entries(PARTS)) {
          const followed = names.reduce(
            (sum, name) => sum + total(tf.mul(found[name]!, directions[name]!.tangent)),
            0,
          );
          const slope = slopeOf((step) => {
            const moved = names.map((name) => [name, directions[name]!.moved(step)]);
            return total(ledgerAt({ ...parameters, ...Object.fromEntries(moved) }).objective);
          });
          gaps[part]!.push(followed - slope);
        }
      });
    }
    for (const [part, list] of Object.entries(gaps)) {
      const what = `the surrogate's slope by the ${part} over that of the objective`;
      requireExpectation(what, estimate(list), 0, 5e-3);
    }
  });
}

function seeds({ objective }: ObjectiveSubject): Rule {
  const rule = { name: "seeds", statement: "the same seed gives the same ledger, another another" };
  return ruleAbout(EXAMPLES, rule, ({ ledger, noise }) => {
    const read = (seed: Seed): string => {
      const { terms, objective: value } = ledger(objective, seed);
      return [value, ...terms.map(({ nats }) => nats)].map(numbers).join();
    };
    requireThat(read(noise) === read(noise), "the same ledger from the same seed", "another");
    const other = read(noise.split("other"));
    requireThat(read(noise) !== other, "another ledger from another seed", "the same");
  });
}

/** The gradients of what is differentiated. */
function slopesOf(
  objective: AnyObjective,
  { ledger, noise, parameters }: ObjectiveExample,
): Tensors {
  return gradientsOf((given) => differentiated(ledger(objective, noise, given)), parameters);
}

/** The ledger, and the gradients of what is differentiated. */
function comparison({ objective, backends }: ObjectiveSubject): Comparison<ObjectiveExample> {
  return {
    backends,
    compute: (example) => {
      const { terms, bound, objective: value } = example.ledger(objective, example.noise);
      const rows = Object.fromEntries(terms.map(({ name, nats }) => [name, nats]));
      return {
        ...figuresOf("the value of", { objective: value, ...(bound && { bound: bound.nats }) }),
        ...figuresOf("the nats of", rows),
        ...figuresOf("the gradient by", slopesOf(objective, example)),
      };
    },
  };
}

/** What is known of an objective before any law is checked: all, where it cannot be asked. */
function traitsOf(objective: AnyObjective): { bounded: boolean; surrogate: boolean } {
  let traits = { bounded: true, surrogate: false };
  glimpse(() =>
    tf.tidy(() => {
      const [drawn] = fc.sample(EXAMPLES.cases(), { seed: 0, numRuns: 1 });
      const { ledger, noise } = EXAMPLES.of(drawn!);
      const { bound, surrogate } = ledger(objective, noise);
      traits = { bounded: bound !== undefined, surrogate: surrogate !== undefined };
    })
  );
  return traits;
}

/** The rules of an objective: those of a bound where it reports one. */
export function objectiveRules(subject: ObjectiveSubject): readonly Rule[] {
  const { bounded, surrogate } = traitsOf(subject.objective);
  return [
    contract("objective", subject.objective, { ledger: "function" }),
    rows(subject),
    ...(bounded ? [bound(subject), tightness(subject)] : []),
    ...(bounded && subject.withSamples ? [monotonicity(subject)] : []),
    surrogate ? surrogateGradients(subject) : gradients(subject),
    seeds(subject),
    memory(EXAMPLES, (example) => slopesOf(subject.objective, example)),
    backends(EXAMPLES, comparison(subject)),
  ];
}
