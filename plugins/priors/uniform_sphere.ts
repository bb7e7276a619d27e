/**
 * p(z) is uniform on the unit sphere, for posteriors on it such as `posteriors.powerSpherical`.
 *
 * Davidson et al., "Hyperspherical variational auto-encoders", arXiv:1804.00891.
 *
 * @module
 */
import type { Prior } from "../../core/prior.ts";
import {
  type UniformSphere,
  uniformSphere as uniformSphereDistribution,
} from "../distributions/uniform_sphere.ts";

/**
 * The uniform prior on the sphere of latents of length 1.
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(priors.uniformSphere().name, "uniformSphere");
 * ```
 */
export function uniformSphere(): Prior<UniformSphere> {
  return {
    kind: "prior",
    name: "uniformSphere",
    options: {},
    build: ({ latent }) => () => uniformSphereDistribution({ event: latent }),
  };
}
