/**
 * p(z): what a flow makes of a simple distribution.
 *
 * log p(z) = log p(u) + log |det ∂u/∂z|, with z = T(u)
 * Rezende and Mohamed, "Variational inference with normalizing flows", arXiv:1505.05770, eq. 5; as
 * a prior of a variational autoencoder in Chen et al., "Variational lossy autoencoder",
 * arXiv:1611.02731, §3.2.
 *
 * @module
 */
import type { Distribution } from "../../core/distribution.ts";
import { wrongType } from "../../core/errors.ts";
import type { Flow } from "../../core/flow.ts";
import { requirePlugin } from "../../core/plugin.ts";
import type { Prior } from "../../core/prior.ts";
import type { StandardNormal } from "../distributions/standard_normal.ts";
import { type Transformed, transformed } from "../distributions/transformed.ts";
import { standardNormal } from "./standard_normal.ts";

/** Options of {@linkcode flow}. */
export interface FlowOptions<P extends Distribution> {
  /**
   * The flow. Training asks for the density of draws of the posterior, which goes backwards
   * through it: `flows.realNvp` and `flows.maskedAutoregressive` are fast there.
   */
  readonly flow: Flow;
  /**
   * The prior that the flow starts from.
   * @default standardNormal()
   */
  readonly base?: Prior<P>;
}

/**
 * A prior that a flow makes of the standard normal one. Where the model has a condition, so has the
 * flow, and the prior is p(z|c).
 *
 * @param options The flow, and what it starts from.
 * @throws {TypeError} If either is no plugin of its kind; when the model is made, if the prior that it
 * starts from is no density on real numbers.
 *
 * @example
 * ```ts
 * import { flows, priors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const prior = priors.flow({ flow: flows.maskedAutoregressive({ layers: 2 }) });
 * assert.equal(prior.name, "flow");
 * ```
 */
export function flow(options: { readonly flow: Flow }): Prior<Transformed<StandardNormal>>;
/** A prior that a flow makes of another one. */
export function flow<P extends Distribution>(options: FlowOptions<P>): Prior<Transformed<P>>;
export function flow(
  { flow, base = standardNormal() }: FlowOptions<Distribution>,
): Prior<Transformed> {
  requirePlugin("build prior", "flow", "flow", flow);
  requirePlugin("build prior", "base", "prior", base);
  return {
    kind: "prior",
    name: "flow",
    options: { flow, base },
    build: (scope) => {
      const { infer, latent } = scope;
      const baseOf = base.build({ ...scope.child("base"), infer });
      const mapOf = flow.build(scope.child("flow"), { event: latent });
      return (context) => {
        const base = baseOf(context), batch = context.condition?.shape[0] ?? 1;
        if (base.domain !== "real") {
          throw wrongType("run prior 'flow'", "'base' must be on 'real'", base.domain);
        }
        return transformed({
          base,
          map: mapOf(context),
          batch: Math.max(base.batch, scope.condition === undefined ? 1 : batch),
        });
      };
    },
  };
}
