/**
 * A model small enough to train within a test, and data for it.
 *
 * @module
 */
import {
  type ArrayDataset,
  dataset,
  type distributions,
  divergences,
  likelihoods,
  networks,
  posteriors,
  priors,
  seed,
  type Vae,
  vae,
} from "../../mod.ts";

type TinyModel = Vae<"binary", distributions.Normal, distributions.Bernoulli>;

/** Six binary pixels, two latents, eight hidden units. */
export const tinyParts = {
  data: [6],
  latent: 2,
  encoder: networks.mlp({ hidden: [8] }),
  decoder: networks.mlp({ hidden: [8] }),
  posterior: posteriors.diagonalNormal(),
  prior: priors.standardNormal(),
  likelihood: likelihoods.bernoulli(),
} as const;

/** The tiny model, trained with the KL. */
export function tinyModel(options: { readonly seed?: number } = {}): TinyModel {
  return vae({ ...tinyParts, divergence: divergences.kl(), ...options });
}

/** Rows of six bits: the left half is on, or the right half, with some noise. */
export function tinyData(rows = 64): ArrayDataset<"binary"> {
  const bits = Array.from({ length: rows }, (_, row) => {
    const flips = seed(row).split("tiny").key[0];
    return Array.from({ length: 6 }, (_, i) => {
      const on = i < 3 === (row % 2 === 0);
      return Number(on !== ((flips >>> (3 * i)) % 8 === 0));
    });
  });
  return dataset(bits, { support: "binary" });
}
