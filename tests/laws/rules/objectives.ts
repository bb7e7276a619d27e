/**
 * All rules that hold of objectives, on a linear Gaussian model.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Ledger } from "../../../core/ledger.ts";
import type { Seed } from "../../../core/random.ts";
import type { Tensor } from "../../../core/types.ts";
import { backends, type Comparison, figuresOf } from "./backends.ts";
import { memory } from "./memory.ts";
import { contract } from "./contract.ts";
import { fc } from "../deps.ts";
import {
  type Direction,
  directionOf,
  gradientsOf,
  requireGradient,
  slopeOf,
} from "../numerics/differences.ts";
import type { Tensors } from "../cases/inputs.ts";
import { ROWS } from "../cases/linear_gaussian.ts";
import {
  type AnyObjective,
  AT_TRUTH,
  EXAMPLES,
  type ObjectiveExample,
  type ObjectiveSubject,
} from "../cases/objective.ts";
import { numbers, total } from "../numerics/numbers.ts";
import { type Rule, ruleAbout } from "../rule.ts";
import {
  allowance,
  estimate,
  type Estimated,
  REPLICATES,
  requireExpectation,
} from "../numerics/statistics.ts";
import { requireTerms, sumOfRows } from "./terms.ts";
import { glimpse } from "../time_limit.ts";
import {
  print,
  require,
  requireClose,
  requireFinite,
  requireShape,
  Violation,
} from "../violation.ts";

/** The bound of every datum, over replicates with seeds of their own. */
function boundsOf(
  objective: AnyObjective,
  { ledger, noise }: ObjectiveExample,
): readonly Estimated[] {
  const replicates = Array.from({ length: REPLICATES }, (_, r) => {
    const { bound } = ledger(objective, noise.split(`replicate ${r}`));
    requireShape("the bound", bound?.nats, [ROWS]);
    return Array.from(numbers(bound!.nats));
  });
  return Array.from({ length: ROWS }, (_, b) => estimate(replicates.map((nats) => nats[b]!)));
}

/** What float32 may be off in a bound. */
const TOLERANCE = 2e-3;

function rows({ objective }: ObjectiveSubject): Rule {
  const rule = {
    name: "rows",
    statement: "the rows add up to the objective, and to the bound where all weights are 1",
  };
  return ruleAbout(EXAMPLES, rule, ({ ledger, noise }) => {
    const { terms, bound, objective: value, surrogate } = ledger(objective, noise);
    requireTerms(terms, ROWS);
    requireShape("the objective", value, []);
    if (surrogate !== undefined) requireShape("the surrogate", surrogate, []);
    const sums = numbers(sumOfRows(terms.map(({ contribution }) => contribution)));
    const mean = Array.from(sums).reduce((a, b) => a + b) / sums.length;
    requireClose("the objective", numbers(value), [mean], { absolute: 1e-4, relative: 1e-4 });
    if (bound === undefined) return;
    requireShape("the bound", bound.nats, [ROWS]);
    if (terms.some(({ weight = 1 }) => weight !== 1)) return;
    const bounded = total(bound.nats) / ROWS;
    requireClose("the objective", numbers(value), [bounded], { absolute: 1e-4, relative: 1e-4 });
  });
}

function bound({ objective }: ObjectiveSubject): Rule {
  const rule = {
    name: "bound",
    statement: "ELBO ≤ bound ≤ log p(x) in expectation, with equality to the ELBO where it is one",
    sampled: true,
  };
  return ruleAbout(EXAMPLES, rule, (example) => {
    boundsOf(objective, example).forEach((seen, b) => {
      const { evidence, elbo } = example.exact[b]!;
      const slack = allowance(seen) + TOLERANCE;
      if (seen.mean > evidence + slack) {
        throw new Violation(
          `at most log p(x) = ${print(evidence)} ± ${print(slack)}`,
          print(seen.mean),
        );
      }
      if (!(seen.mean >= elbo - slack)) {
        throw new Violation(
          `at least the ELBO, ${print(elbo)} ± ${print(slack)}`,
          print(seen.mean),
        );
      }
      if (objective.divergence?.isKl) requireExpectation("the ELBO", seen, elbo, TOLERANCE);
    });
  });
}

function tightness({ objective }: ObjectiveSubject): Rule {
  const rule = {
    name: "tightness",
    statement: "at the true posterior the bound is log p(x)",
    sampled: true,
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
    statement: "more samples never make the bound worse, in expectation",
    sampled: true,
  };
  return ruleAbout(EXAMPLES, rule, (example) => {
    const ladder = [1, 4, 16].map((samples) => boundsOf(withSamples!(samples), example));
    for (let b = 0; b < ROWS; b++) {
      for (const [fewer, more] of [[0, 1], [1, 2]] as const) {
        const low = ladder[fewer]![b]!, high = ladder[more]![b]!;
        const slack = allowance(low) + allowance(high) + TOLERANCE;
        if (high.mean >= low.mean - slack) continue;
        throw new Violation(`at least ${print(low.mean)} ± ${print(slack)}`, print(high.mean));
      }
    }
  });
}

const differentiated = ({ surrogate, objective }: Ledger): Tensor => surrogate ?? objective;

function gradients({ objective }: ObjectiveSubject): Rule {
  const rule = {
    name: "gradients",
    statement: "what is differentiated has the gradient of the objective, in expectation",
    sampled: true,
  };
  return ruleAbout(EXAMPLES, rule, ({ ledger, noise, parameters }) => {
    const directions = Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]): [string, Direction] => {
        const positive = name !== "mean" && name !== "bias";
        return [
          name,
          directionOf(tensor, positive ? "multiplicative" : "additive", noise.split(name)),
        ];
      }),
    );
    const value = (seed: Seed) => (given: Tensors): Tensor =>
      ledger(objective, seed, given).objective;
    if (ledger(objective, noise).surrogate === undefined) {
      const found = gradientsOf(value(noise), parameters);
      for (const [name, gradient] of Object.entries(found)) {
        requireGradient(
          "the objective",
          value(noise),
          parameters,
          name,
          gradient,
          directions[name]!,
        );
      }
      return;
    }
    // A surrogate may have another noise than the objective, but on average the same slope.
    const gaps = Object.fromEntries(Object.keys(parameters).map((name) => [name, [] as number[]]));
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      tf.tidy(() => {
        const seed = noise.split(`replicate ${replicate}`);
        const found = gradientsOf(
          (given) => differentiated(ledger(objective, seed, given)),
          parameters,
        );
        for (const [name, gradient] of Object.entries(found)) {
          const direction = directions[name]!;
          requireFinite(`the gradient by '${name}'`, numbers(gradient));
          const slope = slopeOf(value(seed), parameters, name, direction);
          gaps[name]!.push(total(tf.mul(gradient, direction.tangent)) - slope);
        }
      });
    }
    for (const [name, list] of Object.entries(gaps)) {
      const what = `the surrogate's slope by '${name}' over that of the objective`;
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
    require(read(noise) === read(noise), "the same ledger from the same seed", "another");
    const other = read(noise.split("other"));
    require(read(noise) !== other, "another ledger from another seed", "the same");
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

/** Whether an objective reports a bound; one that cannot say is held to the laws of those that do. */
function isBounded(objective: AnyObjective): boolean {
  let bounded = true;
  glimpse(() =>
    tf.tidy(() => {
      const [drawn] = fc.sample(EXAMPLES.cases(), { seed: 0, numRuns: 1 });
      const { ledger, noise } = EXAMPLES.of(drawn!);
      bounded = ledger(objective, noise).bound !== undefined;
    })
  );
  return bounded;
}

/** The rules of an objective: those of a bound where it reports one. */
export function objectiveRules(subject: ObjectiveSubject): readonly Rule[] {
  const bounded = isBounded(subject.objective);
  return [
    contract("objective", subject.objective, { ledger: "function" }),
    rows(subject),
    ...(bounded ? [bound(subject), tightness(subject)] : []),
    ...(bounded && subject.withSamples ? [monotonicity(subject)] : []),
    gradients(subject),
    seeds(subject),
    memory(EXAMPLES, (example) => slopesOf(subject.objective, example)),
    backends(EXAMPLES, comparison(subject)),
  ];
}
