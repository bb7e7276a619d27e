/**
 * Flows one after the other.
 *
 * @module
 */
import { wrongType } from "../../core/errors.ts";
import type { Flow } from "../../core/flow.ts";
import { requirePlugin } from "../../core/plugin.ts";
import { compose } from "./_compose.ts";

/** Options of {@linkcode chain}. */
export interface ChainOptions {
  /** The flows, in the order in which a draw passes them. */
  readonly flows: readonly Flow[];
}

/**
 * Several flows as one: a draw passes them from the first to the last.
 *
 * @param options The flows.
 * @throws {TypeError} If there is none, or one of them is no flow.
 *
 * @example
 * ```ts
 * import { flows } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { affineCoupling, chain } = flows;
 * const flow = chain({ flows: [affineCoupling(), affineCoupling({ kept: "odd" })] });
 * assert.equal(flow.kind, "flow");
 * assert.throws(() => chain({ flows: [] }), /'flows' must be a list of one or more/);
 * ```
 */
export function chain({ flows }: ChainOptions): Flow {
  if (!Array.isArray(flows) || flows.length === 0) {
    throw wrongType("build flow", "'flows' must be a list of one or more", flows);
  }
  for (const flow of flows) requirePlugin("build flow", "flows", "flow", flow);
  return {
    kind: "flow",
    name: "chain",
    options: { flows },
    build: (scope, shapes) =>
      compose(flows.map(({ build }, i) => build(scope.child(`flow${i}`), shapes))),
  };
}
