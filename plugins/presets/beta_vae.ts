/**
 * β-VAE: the KL weighs β times as much, so that latents become independent of each other.
 *
 * Higgins et al., "β-VAE: learning basic visual concepts with a constrained variational framework",
 * ICLR 2017.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import type { Schedule } from "../../core/schedule.ts";
import { vae as compose } from "../../core/vae.ts";
import type { Bernoulli } from "../distributions/bernoulli.ts";
import type { Normal } from "../distributions/normal.ts";
import { betaKl } from "../divergences/beta_kl.ts";
import { bernoulli } from "../likelihoods/bernoulli.ts";
import { diagonalNormal } from "../posteriors/diagonal_normal.ts";
import { standardNormal } from "../priors/standard_normal.ts";
import { common, type PresetOptions } from "./_common.ts";

/** Options of {@linkcode betaVae}. */
export interface BetaVaeOptions extends PresetOptions {
  /**
   * β, the weight of the KL: a non-negative number or a schedule of them.
   * @default 4
   */
  readonly beta?: number | Schedule;
}

/**
 * A β-VAE for binary data: the KL weighs β times as much.
 *
 * @param options Shapes, hidden layers, seed, and β.
 * @returns The model, ready to be trained.
 * @throws {RangeError} If β is negative or not finite.
 *
 * @example
 * ```ts
 * import { presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.betaVae({ data: [784], latent: 20, beta: 4 });
 * assert.deepEqual(model.spec.latent, [20]);
 * model.dispose();
 * ```
 */
export function betaVae(
  { beta = 4, ...options }: BetaVaeOptions,
): Vae<"binary", Normal, Bernoulli> {
  return compose({
    ...common(options),
    posterior: diagonalNormal(),
    prior: standardNormal(),
    likelihood: bernoulli(),
    divergence: betaKl({ beta }),
  });
}
