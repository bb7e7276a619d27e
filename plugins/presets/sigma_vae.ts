/**
 * σ-VAE: real data with one scale for all outputs, calibrated rather than chosen.
 *
 * Rybkin, Daniilidis and Levine, "Simple and effective VAE training with calibrated decoders",
 * arXiv:2006.13202.
 *
 * @module
 */
import type { Vae } from "../../core/model.ts";
import { vae as compose } from "../../core/vae.ts";
import type { Normal } from "../distributions/normal.ts";
import { kl } from "../divergences/kl.ts";
import { normal } from "../likelihoods/normal.ts";
import { diagonalNormal } from "../posteriors/diagonal_normal.ts";
import { standardNormal } from "../priors/standard_normal.ts";
import { common, type PresetOptions } from "./_common.ts";

/** Options of {@linkcode sigmaVae}. */
export interface SigmaVaeOptions extends PresetOptions {
  /**
   * Where σ comes from: the best one for every training batch, or a weight that is learned.
   * @default "optimal"
   */
  readonly scale?: "optimal" | "shared";
}

/**
 * A σ-VAE for real numbers, for instance grey values or standardized measurements.
 *
 * @param options Shapes, hidden layers, seed, and where σ comes from.
 * @returns The model, ready to be trained.
 *
 * @example
 * ```ts
 * import { presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.sigmaVae({ data: [784], latent: 20 });
 * assert.equal(model.support, "real");
 * model.dispose();
 * ```
 */
export function sigmaVae(
  { scale = "optimal", ...options }: SigmaVaeOptions,
): Vae<"real", Normal, Normal> {
  return compose({
    ...common(options),
    posterior: diagonalNormal(),
    prior: standardNormal(),
    likelihood: normal({ scale }),
    divergence: kl(),
  });
}
