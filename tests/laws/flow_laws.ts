/**
 * The laws of flows.
 *
 * @module
 */
import type { Flow } from "../../core/flow.ts";
import type { Prior } from "../../core/prior.ts";
import {
  type StandardNormal,
  standardNormal,
} from "../../plugins/distributions/standard_normal.ts";
import { type Transformed, transformed } from "../../plugins/distributions/transformed.ts";
import { type PluginLawOptions, priorSubject, titleOf } from "./cases/subject.ts";
import { type Law, lawsOf } from "./law.ts";
import { contract } from "./rules/contract.ts";
import { distributionRules } from "./rules/distributions.ts";
import { inversion } from "./rules/inversion.ts";

/** What a flow makes of standard normal noise. */
function pushed(flow: Flow): Prior<Transformed<StandardNormal>> {
  return {
    kind: "prior",
    name: flow?.name,
    options: {},
    build: (scope) => {
      const { latent: event } = scope, mapOf = flow.build(scope, { event });
      return (context) =>
        transformed({
          base: standardNormal({ event }),
          map: mapOf(context),
          batch: context.condition?.shape[0] ?? 1,
        });
    },
  };
}

/**
 * The laws that a flow must keep: that it goes there and back, and those of distributions, for what
 * it makes of standard normal noise. That is a density only if the log-determinants are right.
 *
 * @param flow The flow. Its weights are moved off their first values.
 * @param options Where cases come from, and which laws to leave out.
 * @returns The laws, to be run by any test runner.
 *
 * @example
 * ```ts
 * import { flows } from "@elbo/elbo";
 * import { assertLaws, flowLaws } from "@elbo/elbo/laws";
 *
 * await assertLaws(flowLaws(flows.affineCoupling({ hidden: [2] }), { cases: 5 }));
 * ```
 */
export function flowLaws(flow: Flow, options: PluginLawOptions = {}): readonly Law[] {
  const subject = { ...priorSubject(pushed(flow), options), title: titleOf("flow", flow) };
  const rules = [
    contract("flow", flow, { build: "function" }),
    inversion(subject),
    ...distributionRules(subject),
  ];
  return lawsOf(subject.title, rules, options);
}
