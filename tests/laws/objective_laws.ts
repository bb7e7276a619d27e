/**
 * The laws of objectives.
 *
 * @module
 */
import type { Objective } from "../../core/objective.ts";
import type { Normal } from "../../plugins/distributions/normal.ts";
import type { StandardNormal } from "../../plugins/distributions/standard_normal.ts";
import type { AnyObjective } from "./cases/objective.ts";
import { titleOf } from "./cases/subject.ts";
import { type Law, type LawOptions, lawsOf } from "./law.ts";
import { objectiveRules } from "./rules/objectives.ts";

/** What the laws of objectives can be told. */
export interface ObjectiveLawOptions extends LawOptions {
  /** The same objective with K samples: its bound must not get worse as K grows. */
  readonly withSamples?: (samples: number) => Objective<Normal, StandardNormal>;
}

/**
 * The laws that an objective must keep on a linear Gaussian model, whose evidence is known exactly:
 * rows that add up, ELBO ≤ L_K ≤ log p(x) with equality at the true posterior, and the gradient
 * of what it reports.
 *
 * @param objective The objective, for a normal posterior and a standard normal prior.
 * @param options Where cases come from, and which laws to leave out.
 * @returns The laws, to be run by any test runner.
 *
 * @example
 * ```ts
 * import { divergences, objectives } from "@elbo/elbo";
 * import { assertLaws, objectiveLaws } from "@elbo/elbo/laws";
 *
 * const elbo = objectives.elbo({ divergence: divergences.kl(), samples: 4 });
 * await assertLaws(objectiveLaws(elbo, { cases: 5 }));
 * ```
 */
export function objectiveLaws(
  objective: Objective<Normal, StandardNormal>,
  { withSamples, ...options }: ObjectiveLawOptions = {},
): readonly Law[] {
  // The passes of these laws are of a normal and a standard normal.
  const subject = {
    objective: objective as AnyObjective,
    withSamples: withSamples as ((samples: number) => AnyObjective) | undefined,
    backends: options.backends,
  };
  return lawsOf(titleOf("objective", objective), objectiveRules(subject), options);
}
