/**
 * The linear Gaussian model, whose evidence and posterior are known exactly.
 *
 * z ~ N(0, I), x|z ~ N(Wz + b, σ²I), with orthogonal columns aᵢuᵢ of W. Then
 * log p(x) = log N(x | b, WWᵀ + σ²I) and p(zᵢ|x) = N(vᵢ aᵢ uᵢᵀ(x − b)/σ², vᵢ) with
 * vᵢ = 1/(1 + aᵢ²/σ²). Bishop, "Pattern recognition and machine learning", 2006, §12.2.
 *
 * @module
 */
import type { Progress } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import type { Pass } from "../../../core/objective.ts";
import { stopGradient } from "../../../core/operations/stop_gradient.ts";
import type { Seed } from "../../../core/random.ts";
import type { Tensor } from "../../../core/types.ts";
import { type Normal, normal } from "../../../plugins/distributions/normal.ts";
import {
  type StandardNormal,
  standardNormal,
} from "../../../plugins/distributions/standard_normal.ts";
import type { Inputs, Tensors, Values } from "./inputs.ts";

/** B data of D = 3 elements, with K = 2 latents. */
export const ROWS = 2;

/** Orthonormal directions u₁, u₂. */
const DIRECTIONS = [[2 / 3, 1 / 3, 2 / 3], [-2 / 3, 2 / 3, 1 / 3]] as const;

/** The model, its data, and how far q(z|x) is from the true posterior, in its deviations. */
export const INPUTS: Inputs = {
  loadings: { domain: "positive", shape: [2], batched: false, range: [0.5, 2] },
  bias: { domain: "real", shape: [3], batched: false, range: [-1, 1] },
  noise: { domain: "positive", shape: [1], batched: false, range: [0.5, 2] },
  x: { domain: "real", shape: [3], batched: true, range: [-2, 2] },
  shift: { domain: "real", shape: [2], batched: true, range: [-1, 1] },
  stretch: { domain: "positive", shape: [2], batched: true, range: [0.6, 1.6] },
};

/** What is known exactly of one datum. */
export interface Exact {
  /** log p(x), in nats. */
  readonly evidence: number;
  /** E_q[log p(x, z) − log q(z|x)], in nats. */
  readonly elbo: number;
  /** The mean and the scale of q(z|x). */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/** What is known exactly of every datum, in float64. */
export function solve({ loadings, bias, noise, x, shift, stretch }: Values): readonly Exact[] {
  const sigma2 = noise![0]! ** 2;
  return Array.from({ length: ROWS }, (_, row) => {
    const rest = [0, 1, 2].map((d) => x![row * 3 + d]! - bias![d]!);
    let squared = rest.reduce((sum, r) => sum + r * r, 0) / sigma2;
    let logDeterminant = 3 * Math.log(sigma2), divergence = 0;
    const mean: number[] = [], scale: number[] = [];
    DIRECTIONS.forEach((direction, i) => {
      const a = loadings![i]!, along = direction.reduce((sum, u, d) => sum + u * rest[d]!, 0);
      const variance = 1 / (1 + a * a / sigma2);
      squared -= variance * (a * along / sigma2) ** 2;
      logDeterminant += Math.log1p(a * a / sigma2);
      const by = shift![row * 2 + i]!, factor = stretch![row * 2 + i]!;
      mean.push(variance * a * along / sigma2 + by * Math.sqrt(variance));
      scale.push(Math.sqrt(variance) * factor);
      divergence += 0.5 * (factor ** 2 + by ** 2 - 1) - Math.log(factor);
    });
    const evidence = -0.5 * (3 * Math.log(2 * Math.PI) + logDeterminant + squared);
    return { evidence, elbo: evidence - divergence, mean, scale };
  });
}

/** The tensors that an objective can be differentiated by. */
export function parametersOf(values: Values): Tensors {
  const exact = solve(values);
  return {
    mean: tf.tensor2d(exact.map(({ mean }) => [...mean])),
    scale: tf.tensor2d(exact.map(({ scale }) => [...scale])),
    loadings: tf.tensor1d([...values.loadings!]),
    bias: tf.tensor1d([...values.bias!]),
    noise: tf.tensor1d([...values.noise!]),
  };
}

/** `[B, …]` repeated along the batch. */
const copied = (tensor: Tensor, copies: number): Tensor => tf.tile(tensor, [copies, 1]);

/**
 * One batch on its way through the model.
 *
 * @param values The model and its data.
 * @param parameters What the pass is differentiated by.
 * @param seed Noise for the pass.
 * @param progress How far training has come.
 * @param copies How often the data stand in the batch, each with noise of its own.
 */
export function passOf(
  { x }: Values,
  { mean, scale, loadings, bias, noise }: Tensors,
  seed: Seed,
  progress: Progress,
  copies = 1,
): Pass<Normal, StandardNormal> {
  const rows = ROWS * copies;
  const data = copied(tf.tensor([...x!], [ROWS, 3]), copies);
  const directions = tf.tensor2d(DIRECTIONS.map((direction) => [...direction]));
  const posteriorOf = (of: (tensor: Tensor) => Tensor): Normal =>
    normal({ mean: of(copied(mean!, copies)), scale: of(copied(scale!, copies)) });
  return {
    batch: { x: data },
    posterior: posteriorOf((tensor) => tensor),
    prior: standardNormal({ event: [2] }),
    seed,
    context: { training: true, progress },
    detachedPosterior: () => posteriorOf(stopGradient),
    logLikelihood: (latents: Tensor) => {
      const [samples] = latents.shape as [number];
      const weighted = tf.mul(latents, loadings!);
      const flat = tf.matMul(tf.reshape(weighted, [samples * rows, 2]), directions);
      const predicted = tf.add(tf.reshape(flat, [samples, rows, 3]), bias!);
      const error = tf.div(tf.sub(data, predicted), noise!);
      const each = tf.sub(tf.mul(tf.square(error), -0.5), tf.log(noise!));
      return tf.sum(tf.sub(each, 0.5 * Math.log(2 * Math.PI)), 2);
    },
  };
}
