/**
 * p(z) = N(0, I).
 *
 * @module
 */
import type { Prior } from "../../core/prior.ts";
import {
  type StandardNormal,
  standardNormal as standardNormalDistribution,
} from "../distributions/standard_normal.ts";

/**
 * The standard normal prior: p(z) = N(0, I).
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(priors.standardNormal().name, "standardNormal");
 * ```
 */
export function standardNormal(): Prior<StandardNormal> {
  return {
    kind: "prior",
    name: "standardNormal",
    options: {},
    build: ({ latent }) => () => standardNormalDistribution({ event: latent }),
  };
}
