/**
 * A VAE with latents on the sphere, where no place is favoured over another.
 *
 * Davidson et al., "Hyperspherical variational auto-encoders", arXiv:1804.00891; with the power
 * spherical posterior of De Cao and Aziz, "The power spherical distribution", arXiv:2006.04437.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import { vae as compose } from "../../core/vae.ts";
import type { Bernoulli } from "../distributions/bernoulli.ts";
import type { PowerSpherical } from "../distributions/power_spherical.ts";
import { kl } from "../divergences/kl.ts";
import { bernoulli } from "../likelihoods/bernoulli.ts";
import { powerSpherical } from "../posteriors/power_spherical.ts";
import { uniformSphere } from "../priors/uniform_sphere.ts";
import { common, type PresetOptions } from "./_common.ts";

/**
 * A VAE for binary data whose latents are directions: K numbers of length 1 together.
 *
 * @param options Shapes, hidden layers and seed.
 * @returns The model, ready to be trained.
 *
 * @example
 * ```ts
 * import { presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.sphericalVae({ data: [784], latent: 5 });
 * assert.deepEqual(model.spec.latent, [5]);
 * model.dispose();
 * ```
 */
export function sphericalVae(
  options: PresetOptions,
): Vae<"binary", PowerSpherical, Bernoulli> {
  return compose({
    ...common(options),
    posterior: powerSpherical(),
    prior: uniformSphere(),
    likelihood: bernoulli(),
    divergence: kl(),
  });
}
