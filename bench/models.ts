/**
 * The models that are measured, made through the public interface as a user makes them, and the data
 * that they are measured on. The workers of the peers build the same ones out of their own parts.
 *
 * - `mlp`: 784-400-20-400-784.
 * - `conv`: 28 × 28, convolutions of stride 2 to 32 and 64 channels, 16 units, 16 latents, mirrored.
 *
 * @module
 */
import {
  type AnyNetwork,
  type ArrayDataset,
  dataset,
  divergences,
  likelihoods,
  networks,
  posteriors,
  priors,
  seed,
  type Shape,
  uniformNoise,
  type Vae,
  vae,
} from "../mod.ts";

/** The models by the names that the rows carry. */
export type ModelName = "mlp" | "conv";

/** What is binary, has these shapes, and goes through these networks. */
function binaryVae(
  data: Shape,
  latent: number,
  encoder: AnyNetwork,
  decoder: AnyNetwork,
): Vae<"binary"> {
  return vae({
    data,
    latent,
    encoder,
    decoder,
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
}

/** Every model by its name. Make it when a backend runs. */
export const models: { readonly [name in ModelName]: () => Vae<"binary"> } = {
  mlp: () => {
    const network = networks.mlp({ hidden: [400] });
    return binaryVae([784], 20, network, network);
  },
  conv: () => {
    const encoder = networks.conv({ channels: [32, 64], hidden: [16] });
    const decoder = networks.deconv({ channels: [64, 32], hidden: [16] });
    return binaryVae([28, 28, 1], 16, encoder, decoder);
  },
};

/** Random binary rows, all different: how long a step takes does not depend on what is in them. */
export function randomBits(rows: number, shape: Shape): ArrayDataset<"binary"> {
  const noise = uniformNoise(seed(0), [rows, ...shape]);
  const bits = Uint8Array.from(noise.dataSync(), Math.round);
  noise.dispose();
  return dataset(bits, { support: "binary", shape });
}
