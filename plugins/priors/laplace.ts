/**
 * p(z) = ∏ Laplace(z | 0, 1), under which most latents are near 0 and some are large.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Prior } from "../../core/prior.ts";
import { type Laplace, laplace as laplaceDistribution } from "../distributions/laplace.ts";

/**
 * The standard Laplace prior: p(z) = ∏ Laplace(z | 0, 1). With a Laplace posterior its KL has a
 * closed form.
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(priors.laplace().name, "laplace");
 * ```
 */
export function laplace(): Prior<Laplace> {
  return {
    kind: "prior",
    name: "laplace",
    options: {},
    build: ({ latent }) => () =>
      laplaceDistribution({ location: tf.zeros([1, ...latent]), scale: tf.ones([1, ...latent]) }),
  };
}
