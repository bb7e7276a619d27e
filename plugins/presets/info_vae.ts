/**
 * InfoVAE: the latents of all data together are drawn to the prior, those of each datum less so.
 *
 * E_q[log p(x|z)] − (1 − α) KL(q(z|x) ‖ p(z)) − (α + λ − 1) MMD²(q(z), p(z)).
 * Zhao, Song and Ermon, "InfoVAE: information maximizing variational autoencoders", arXiv:1706.02262.
 *
 * @module
 */
import { outOfRange, requireNumber } from "../../core/errors.ts";
import type { Vae } from "../../core/model.ts";
import { vae as compose } from "../../core/vae.ts";
import type { Bernoulli } from "../distributions/bernoulli.ts";
import type { Normal } from "../distributions/normal.ts";
import { betaKl } from "../divergences/beta_kl.ts";
import { mmd } from "../divergences/mmd.ts";
import { bernoulli } from "../likelihoods/bernoulli.ts";
import { diagonalNormal } from "../posteriors/diagonal_normal.ts";
import { standardNormal } from "../priors/standard_normal.ts";
import { common, type PresetOptions } from "./_common.ts";

/** Options of {@linkcode infoVae}. */
export interface InfoVaeOptions extends PresetOptions {
  /**
   * α, at most 1: how much of the KL is left out.
   * @default 0
   */
  readonly alpha?: number;
  /**
   * λ, at least 1 − α: the weight of what draws the latents of all data to the prior.
   * @default 10
   */
  readonly lambda?: number;
}

/**
 * An InfoVAE for binary data. What it is trained on bounds nothing; `elbo` reports the true ELBO all
 * the same.
 *
 * @param options Shapes, hidden layers, seed, α and λ.
 * @returns The model, ready to be trained.
 * @throws {RangeError} If α is above 1, λ below 1 − α, or one of them not finite.
 *
 * @example
 * ```ts
 * import { presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.infoVae({ data: [784], latent: 20, alpha: 0.5, lambda: 20 });
 * assert.deepEqual(model.spec.latent, [20]);
 * model.dispose();
 * ```
 */
export function infoVae(
  { alpha = 0, lambda = 10, ...options }: InfoVaeOptions,
): Vae<"binary", Normal, Bernoulli> {
  requireNumber("compose model", "alpha", alpha);
  requireNumber("compose model", "lambda", lambda, { minimum: 1 - alpha });
  if (alpha > 1) throw outOfRange("compose model", "'alpha' must be at most 1", alpha);
  const divergence = betaKl({ beta: 1 - alpha });
  return compose({
    ...common(options),
    posterior: diagonalNormal(),
    prior: standardNormal(),
    likelihood: bernoulli(),
    divergence: mmd({ weight: alpha + lambda - 1, divergence }),
  });
}
