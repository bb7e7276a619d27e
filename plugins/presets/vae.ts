/**
 * The variational autoencoder as it was first described, for binary data.
 *
 * Kingma and Welling, "Auto-encoding variational Bayes", arXiv:1312.6114.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import { vae as compose } from "../../core/vae.ts";
import type { Bernoulli } from "../distributions/bernoulli.ts";
import type { Normal } from "../distributions/normal.ts";
import { kl } from "../divergences/kl.ts";
import { bernoulli } from "../likelihoods/bernoulli.ts";
import { diagonalNormal } from "../posteriors/diagonal_normal.ts";
import { standardNormal } from "../priors/standard_normal.ts";
import { common, type PresetOptions } from "./_common.ts";

/**
 * A variational autoencoder for binary data: normal latents, a Bernoulli likelihood, and the KL.
 *
 * @param options Shapes, hidden layers and seed.
 * @returns The model, ready to be trained.
 *
 * @example
 * ```ts
 * import { presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [784], latent: 20 });
 * assert.deepEqual(model.spec.latent, [20]);
 * model.dispose();
 * ```
 */
export function vae(
  options: PresetOptions,
): Vae<"binary", Normal, Bernoulli> {
  return compose({
    ...common(options),
    posterior: diagonalNormal(),
    prior: standardNormal(),
    likelihood: bernoulli(),
    divergence: kl(),
  });
}
