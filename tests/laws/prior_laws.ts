/**
 * The laws of priors.
 *
 * @module
 */
import type { Distribution } from "../../core/distribution.ts";
import type { Prior } from "../../core/prior.ts";
import { type PluginLawOptions, priorSubject } from "./cases/subject.ts";
import { type Law, lawsOf } from "./law.ts";
import { contract } from "./rules/contract.ts";
import { distributionRules } from "./rules/distributions.ts";

/**
 * The laws that a prior must keep: those of distributions, at whatever weights training may find.
 *
 * @param prior The prior. Its weights are moved off their first values.
 * @param options Where cases come from, and which laws to leave out.
 * @returns The laws, to be run by any test runner.
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import { assertLaws, priorLaws } from "@elbo/elbo/laws";
 *
 * await assertLaws(priorLaws(priors.standardNormal(), { cases: 5 }));
 * ```
 */
export function priorLaws<P extends Distribution>(
  prior: Prior<P>,
  options: PluginLawOptions = {},
): readonly Law[] {
  const subject = priorSubject(prior, options);
  const rules = [contract("prior", prior, { build: "function" }), ...distributionRules(subject)];
  return lawsOf(subject.title, rules, options);
}
