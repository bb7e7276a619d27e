/**
 * IWAE: the bound is tighter, as K latents of each datum are weighed by their importance.
 *
 * Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", arXiv:1509.00519.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import { vae as compose } from "../../core/vae.ts";
import type { Bernoulli } from "../distributions/bernoulli.ts";
import type { Normal } from "../distributions/normal.ts";
import { bernoulli } from "../likelihoods/bernoulli.ts";
import { iwae as importanceWeighted } from "../objectives/iwae.ts";
import { diagonalNormal } from "../posteriors/diagonal_normal.ts";
import { standardNormal } from "../priors/standard_normal.ts";
import { common, type PresetOptions } from "./_common.ts";

/** Options of {@linkcode iwae}. */
export interface IwaePresetOptions extends PresetOptions {
  /**
   * The number of latent samples for each datum.
   * @default 5
   */
  readonly samples?: number;
}

/**
 * An importance-weighted autoencoder for binary data, with the plain gradient of its bound.
 *
 * @param options Shapes, hidden layers, seed, and the number of samples.
 * @returns The model, ready to be trained.
 * @throws {RangeError} If the number of samples is not a positive integer.
 *
 * @example
 * ```ts
 * import { presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.iwae({ data: [784], latent: 20, samples: 5 });
 * assert.deepEqual(model.spec.latent, [20]);
 * model.dispose();
 * ```
 */
export function iwae(
  { samples = 5, ...options }: IwaePresetOptions,
): Vae<"binary", Normal, Bernoulli> {
  return compose({
    ...common(options),
    posterior: diagonalNormal(),
    prior: standardNormal(),
    likelihood: bernoulli(),
    objective: importanceWeighted({ samples }),
  });
}
