/**
 * A model of which everything is known exactly: z ~ N(0, 1), x | z ~ N(w·z + b, σ² I) in two
 * dimensions. So x ~ N(b, ww' + σ² I), and z | x ~ N(w'(x − b) / (σ² + w'w), σ² / (σ² + w'w)).
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import {
  type distributions,
  divergences,
  likelihoods,
  networks,
  posteriors,
  priors,
  type Vae,
  vae,
} from "../../mod.ts";

const w = [1.2, -0.7],
  b = [0.3, 0.1],
  sigma = 0.6;
const ww = w[0]! ** 2 + w[1]! ** 2,
  s2 = sigma ** 2;

/** Some data. */
export const points: readonly (readonly number[])[] = [
  [0.2, -0.4],
  [1.5, 0.9],
  [-2, 1],
  [0, 0],
];

/** log p(x), exactly: by the determinant lemma and the Sherman–Morrison formula. */
export function evidence([x0, x1]: readonly number[]): number {
  const d = [x0! - b[0]!, x1! - b[1]!];
  const along = d[0]! * w[0]! + d[1]! * w[1]!;
  const squared = (d[0]! ** 2 + d[1]! ** 2 - along ** 2 / (s2 + ww)) / s2;
  return -0.5 * (squared + Math.log(s2 * (s2 + ww))) - Math.log(2 * Math.PI);
}

/** The model with its exact posterior, or with one that is wider by a factor. */
export function linearGaussian(
  widen = 1,
): Vae<"real", distributions.Normal, distributions.Normal> {
  const linear = networks.mlp({ hidden: [] });
  const model = vae({
    data: [2],
    latent: 1,
    encoder: linear,
    decoder: linear,
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.normal({ scale: sigma }),
    divergence: divergences.kl(),
  });
  const scale = widen * Math.sqrt(s2 / (s2 + ww));
  const weights: Readonly<Record<string, number[] | number[][]>> = {
    "encoder/mean/kernel": w.map((weight) => [weight / (s2 + ww)]),
    "encoder/mean/bias": [-(w[0]! * b[0]! + w[1]! * b[1]!) / (s2 + ww)],
    "encoder/rawScale/kernel": [[0], [0]],
    "encoder/rawScale/bias": [Math.log(Math.expm1(scale))],
    "decoder/mean/kernel": [w],
    "decoder/mean/bias": b,
  };
  for (const [path, values] of Object.entries(weights)) {
    tf.tidy(() => model.parameters.get(path)!.assign(tf.tensor(values)));
  }
  return model;
}

/** The mean and variance of the second entry given the first, exactly. */
export function secondGivenFirst(x0: number): { readonly mean: number; readonly variance: number } {
  const total = s2 + w[0]! ** 2;
  return {
    mean: b[1]! + (w[1]! * w[0]! * (x0 - b[0]!)) / total,
    variance: s2 + (w[1]! ** 2 * s2) / total,
  };
}

/** log p(x₀) of the first entry alone, exactly. */
export function evidenceOfFirst(x0: number): number {
  const variance = s2 + w[0]! ** 2;
  return -0.5 * ((x0 - b[0]!) ** 2 / variance + Math.log(2 * Math.PI * variance));
}
