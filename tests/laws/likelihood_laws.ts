/**
 * The laws of likelihoods.
 *
 * @module
 */
import type { Distribution } from "../../core/distribution.ts";
import type { Likelihood } from "../../core/likelihood.ts";
import type { Support } from "../../core/support.ts";
import type { Heads } from "../../core/types.ts";
import { likelihoodSubject, type PluginLawOptions } from "./cases/subject.ts";
import { type Law, lawsOf } from "./law.ts";
import { contract } from "./rules/contract.ts";
import { distributionRules } from "./rules/distributions.ts";
import { sizeFactors } from "./rules/size_factors.ts";

/**
 * The laws that a likelihood must keep: those of distributions, on the support that it declares and
 * at whatever a decoder may say.
 *
 * @param likelihood The likelihood. Its own weights are moved off their first values.
 * @param options Where cases come from, and which laws to leave out.
 * @returns The laws, to be run by any test runner.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import { assertLaws, likelihoodLaws } from "@elbo/elbo/laws";
 *
 * await assertLaws(likelihoodLaws(likelihoods.bernoulli(), { cases: 5 }));
 * ```
 */
export function likelihoodLaws<H extends Heads, S extends Support, X extends Distribution>(
  likelihood: Likelihood<H, S, X>,
  options: PluginLawOptions = {},
): readonly Law[] {
  const subject = likelihoodSubject(likelihood, options);
  const members = { heads: "function", build: "function" };
  const rules = [
    contract("likelihood", likelihood, members),
    ...(options.offset ? [sizeFactors(subject)] : []),
    ...distributionRules(subject),
  ];
  return lawsOf(subject.title, rules, options);
}
