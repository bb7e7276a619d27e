/**
 * A VAE with categorical latents, trained through Gumbel-softmax.
 *
 * Jang, Gu and Poole, "Categorical reparameterization with Gumbel-softmax", arXiv:1611.01144: the
 * straight-through estimator, so that draws are one-hot and the KL is that of the classes.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import type { Schedule } from "../../core/schedule.ts";
import { vae as compose } from "../../core/vae.ts";
import type { Bernoulli } from "../distributions/bernoulli.ts";
import type { StraightThroughCategorical } from "../distributions/one_hot_categorical.ts";
import { kl } from "../divergences/kl.ts";
import { bernoulli } from "../likelihoods/bernoulli.ts";
import { relaxedCategorical } from "../posteriors/relaxed_categorical.ts";
import { uniformCategorical } from "../priors/uniform_categorical.ts";
import { common, type PresetOptions } from "./_common.ts";

/** Options of {@linkcode gumbelVae}; `latent` is the number of categorical latents. */
export interface GumbelVaeOptions extends PresetOptions {
  /**
   * The number of classes of each latent.
   * @default 10
   */
  readonly categories?: number;
  /**
   * The temperature of the gradient, a positive number or a schedule of them.
   * @default 1
   */
  readonly temperature?: number | Schedule;
}

/**
 * A VAE for binary data with categorical latents `[K, categories]`, each of them one-hot.
 *
 * @param options Shapes, hidden layers, seed, the number of classes and the temperature.
 * @returns The model, ready to be trained.
 * @throws {RangeError} If the number of classes is not a positive integer, or the temperature not
 * positive.
 *
 * @example
 * ```ts
 * import { presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.gumbelVae({ data: [784], latent: 8, categories: 10 });
 * assert.deepEqual(model.spec.latent, [8, 10]);
 * model.dispose();
 * ```
 */
export function gumbelVae(
  { categories = 10, temperature = 1, ...options }: GumbelVaeOptions,
): Vae<"binary", StraightThroughCategorical, Bernoulli> {
  return compose({
    ...common(options),
    latent: [options.latent, categories],
    posterior: relaxedCategorical({ temperature, straightThrough: true }),
    prior: uniformCategorical(),
    likelihood: bernoulli(),
    divergence: kl(),
  });
}
