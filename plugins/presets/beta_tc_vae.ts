/**
 * β-TC-VAE: the total correlation of the latents weighs β times as much, and the rest of the KL once.
 *
 * Chen et al., "Isolating sources of disentanglement in variational autoencoders", arXiv:1802.04942.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import type { Schedule } from "../../core/schedule.ts";
import { vae as compose } from "../../core/vae.ts";
import type { Bernoulli } from "../distributions/bernoulli.ts";
import type { Normal } from "../distributions/normal.ts";
import { totalCorrelation } from "../divergences/total_correlation.ts";
import { bernoulli } from "../likelihoods/bernoulli.ts";
import { diagonalNormal } from "../posteriors/diagonal_normal.ts";
import { standardNormal } from "../priors/standard_normal.ts";
import { common, type PresetOptions } from "./_common.ts";

/** Options of {@linkcode betaTcVae}. */
export interface BetaTcVaeOptions extends PresetOptions {
  /**
   * β, the weight of the total correlation: a non-negative number or a schedule of them.
   * @default 6
   */
  readonly beta?: number | Schedule;
}

/**
 * A β-TC-VAE for binary data: the total correlation of the latents weighs β times as much.
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
 * const model = presets.betaTcVae({ data: [784], latent: 10, beta: 6 });
 * assert.deepEqual(model.spec.latent, [10]);
 * model.dispose();
 * ```
 */
export function betaTcVae(
  { beta = 6, ...options }: BetaTcVaeOptions,
): Vae<"binary", Normal, Bernoulli> {
  return compose({
    ...common(options),
    posterior: diagonalNormal(),
    prior: standardNormal(),
    likelihood: bernoulli(),
    divergence: totalCorrelation({ beta }),
  });
}
