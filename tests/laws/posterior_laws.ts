/**
 * The laws of posteriors.
 *
 * @module
 */
import type { Reparameterized } from "../../core/distribution.ts";
import type { Posterior } from "../../core/posterior.ts";
import type { Heads } from "../../core/types.ts";
import { type PluginLawOptions, posteriorSubject } from "./cases/subject.ts";
import { type Law, lawsOf } from "./law.ts";
import { contract } from "./rules/contract.ts";
import { differentiable } from "./rules/derivatives.ts";
import { distributionRules } from "./rules/distributions.ts";

/**
 * The laws that a posterior must keep: those of distributions, at whatever an encoder may say.
 *
 * @param posterior The posterior. Its own weights are moved off their first values.
 * @param options Where cases come from, and which laws to leave out.
 * @returns The laws, to be run by any test runner.
 *
 * @example
 * ```ts
 * import { posteriors } from "@elbo/elbo";
 * import { assertLaws, posteriorLaws } from "@elbo/elbo/laws";
 *
 * await assertLaws(posteriorLaws(posteriors.diagonalNormal(), { cases: 5 }));
 * ```
 */
export function posteriorLaws<H extends Heads, Q extends Reparameterized>(
  posterior: Posterior<H, Q>,
  options: PluginLawOptions = {},
): readonly Law[] {
  const subject = posteriorSubject(posterior, options);
  const members = { heads: "function", build: "function" };
  const rules = [
    contract("posterior", posterior, members),
    differentiable(subject),
    ...distributionRules(subject),
  ];
  return lawsOf(subject.title, rules, options);
}
