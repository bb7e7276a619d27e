/**
 * A VAE with a VampPrior: the prior is a mixture of posteriors at pseudo-inputs that are learned.
 *
 * Tomczak and Welling, "VAE with a VampPrior", arXiv:1705.07120: with the gated layers of its networks.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import { vae as compose } from "../../core/vae.ts";
import type { Bernoulli } from "../distributions/bernoulli.ts";
import type { Normal } from "../distributions/normal.ts";
import { kl } from "../divergences/kl.ts";
import { bernoulli } from "../likelihoods/bernoulli.ts";
import { gatedMlp } from "../networks/gated_mlp.ts";
import { diagonalNormal } from "../posteriors/diagonal_normal.ts";
import { vampPrior } from "../priors/vamp_prior.ts";
import { common, type PresetOptions } from "./_common.ts";

/** Options of {@linkcode vampVae}. */
export interface VampVaeOptions extends Omit<PresetOptions, "condition"> {
  /**
   * The number of pseudo-inputs.
   * @default 500
   */
  readonly components?: number;
}

/**
 * A VAE for binary data with a VampPrior and gated layers, two of 300 unless told.
 *
 * @param options Shapes, hidden layers, seed, and the number of pseudo-inputs.
 * @returns The model, ready to be trained.
 * @throws {RangeError} If the number of pseudo-inputs is not a positive integer.
 *
 * @example
 * ```ts
 * import { presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vampVae({ data: [64], latent: 8, components: 50 });
 * assert.deepEqual(model.parameters.get("prior/pseudoInputs")!.shape, [50, 64]);
 * model.dispose();
 * ```
 */
export function vampVae(
  { components = 500, hidden = [300, 300], ...options }: VampVaeOptions,
): Vae<"binary", Normal, Bernoulli> {
  return compose({
    ...common(options),
    encoder: gatedMlp({ hidden }),
    decoder: gatedMlp({ hidden: [...hidden].reverse() }),
    posterior: diagonalNormal(),
    prior: vampPrior({ components }),
    likelihood: bernoulli(),
    divergence: kl(),
  });
}
