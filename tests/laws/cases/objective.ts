/**
 * Objectives on a linear Gaussian model that a case has drawn.
 *
 * @module
 */
import type { Distribution } from "../../../core/distribution.ts";
import type { Ledger } from "../../../core/ledger.ts";
import type { Objective } from "../../../core/objective.ts";
import { type Seed, seed } from "../../../core/random.ts";
import { fc } from "../deps.ts";
import type { LawOptions } from "../law.ts";
import type { Source } from "../rule.ts";
import { NOISE } from "./example.ts";
import { ORDINARY, type Tensors, type Values, valuesOf } from "./inputs.ts";
import { type Exact, INPUTS, parametersOf, passOf, ROWS, solve } from "./linear_gaussian.ts";

/** An objective that forgets what pairs it is for. */
export type AnyObjective = Objective<Distribution, Distribution>;

/** What the rules of an objective know of it. */
export interface ObjectiveSubject {
  readonly objective: AnyObjective;
  /** The same with another number of samples. */
  readonly withSamples: ((samples: number) => AnyObjective) | undefined;
  readonly backends: LawOptions["backends"];
}

/** What a case draws. */
export interface ObjectiveDrawn {
  readonly values: Values;
  readonly noise: number;
  readonly step: number;
}

/** The model, its data, q(z|x), and what is known of them. */
export interface ObjectiveExample {
  readonly values: Values;
  readonly parameters: Tensors;
  readonly exact: readonly Exact[];
  readonly noise: Seed;
  /** The ledger of the data, which may stand several times in the batch. */
  readonly ledger: (
    objective: AnyObjective,
    seed: Seed,
    parameters?: Tensors,
    copies?: number,
  ) => Ledger;
}

const CASES: fc.Arbitrary<ObjectiveDrawn> = fc.record({
  values: valuesOf(INPUTS, ROWS, ORDINARY),
  noise: NOISE,
  step: fc.nat(2000),
});

function exampleOf({ values, noise, step }: ObjectiveDrawn): ObjectiveExample {
  const parameters = parametersOf(values);
  const progress = { step, steps: 2000, epoch: Math.floor(step / 100), datasetSize: 1000 };
  return {
    values,
    parameters,
    exact: solve(values),
    noise: seed(noise),
    ledger: (objective, noise, given = parameters, copies = 1) =>
      objective.ledger(passOf(values, given, noise, progress, copies)),
  };
}

/** The model, its data and some q(z|x). */
export const EXAMPLES: Source<ObjectiveDrawn, ObjectiveExample> = {
  cases: () => CASES,
  of: exampleOf,
};

/** The same data, at the true posterior. */
export const AT_TRUTH: Source<ObjectiveDrawn, ObjectiveExample> = {
  cases: () => CASES,
  of: ({ values, ...drawn }) =>
    exampleOf({
      ...drawn,
      values: {
        ...values,
        shift: values.shift!.map(() => 0),
        stretch: values.stretch!.map(() => 1),
      },
    }),
};
