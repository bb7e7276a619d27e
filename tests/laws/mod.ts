/**
 * The laws: property tests for plugins, yours and ours.
 *
 * Each function takes a plugin and returns its laws: named checks, on cases that fast-check draws
 * and shrinks, of whether its mathematics is right. `testLaws` runs them under `Deno.test`, one
 * step a law; `assertLaws` and `checkLaws` anywhere; and any other test runner runs `law.check`.
 *
 * Laws of chance fail for a sound plugin in fewer than 1 of 10⁶ runs of all its laws.
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import { assertLaws, priorLaws } from "@elbo/elbo/laws";
 *
 * await assertLaws(priorLaws(priors.standardNormal()));
 * ```
 *
 * @module
 */
export type { Normal } from "../../plugins/distributions/normal.ts";
export type { StandardNormal } from "../../plugins/distributions/standard_normal.ts";
export { assertLaws } from "./assert_laws.ts";
export type { Contributes } from "./cases/divergence.ts";
export type { Range } from "./cases/inputs.ts";
export type { ModelLawOptions } from "./cases/model.ts";
export type { NetworkLawOptions } from "./cases/network.ts";
export type { DistributionLawOptions, PluginLawOptions } from "./cases/subject.ts";
export { checkLaws, type LawReport } from "./check_laws.ts";
export { distributionLaws } from "./distribution_laws.ts";
export { type DivergenceLawOptions, divergenceLaws } from "./divergence_laws.ts";
export type { Law, LawOptions } from "./law.ts";
export { flowLaws } from "./flow_laws.ts";
export { likelihoodLaws } from "./likelihood_laws.ts";
export { modelLaws } from "./model_laws.ts";
export { networkLaws } from "./network_laws.ts";
export { type ObjectiveLawOptions, objectiveLaws } from "./objective_laws.ts";
export { posteriorLaws } from "./posterior_laws.ts";
export { priorLaws } from "./prior_laws.ts";
export { testLaws } from "./test_laws.ts";
