/**
 * The laws of distributions.
 *
 * @module
 */
import type { Distribution } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { type DistributionLawOptions, familySubject } from "./cases/subject.ts";
import { type Law, lawsOf } from "./law.ts";
import { contract } from "./rules/contract.ts";
import { distributionRules } from "./rules/distributions.ts";

/**
 * The laws that a family of distributions must keep: that its density is one, that its draws and its
 * gradients belong to that density, and that it behaves.
 *
 * @param family What the family says of itself.
 * @param options Where cases come from, and which laws to leave out.
 * @returns The laws, to be run by any test runner.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { checkLaws, distributionLaws } from "@elbo/elbo/laws";
 * import assert from "node:assert/strict";
 *
 * const laws = distributionLaws(distributions.normalFamily, { cases: 5 });
 * assert((await checkLaws(laws)).every(({ outcome }) => outcome === "kept"));
 * ```
 */
export function distributionLaws<Q extends Distribution, Name extends string>(
  family: Family<Q, Name>,
  options: DistributionLawOptions = {},
): readonly Law[] {
  const subject = familySubject(family, options);
  const members = { parameters: "object", support: "string", make: "function" };
  const rules = [contract(undefined, family, members), ...distributionRules(subject)];
  return lawsOf(subject.title, rules, options);
}
