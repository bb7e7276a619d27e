/**
 * The normal distribution whose covariance is diagonal but for a part of low rank.
 *
 * Σ = D(I + V·Vᵀ)D, with D = diag σ and V = D⁻¹W. By Woodbury's identity and the matrix
 * determinant lemma, with M = I + VᵀV `[R, R]` and r = D⁻¹(x − μ),
 *
 * log p(x) = −½ (‖r‖² − rᵀV·M⁻¹·Vᵀr) − Σ log σ − ½ log |M| − K/2 log 2π
 *
 * The bracket is what least squares leave of (r, 0) beside the columns of (V, I), and the lengths of
 * these, each taken beside those before it, are the diagonal of the Cholesky factor of M. So
 * nothing large is ever taken from something large.
 *
 * The same as `MultivariateNormalDiagPlusLowRankCovariance` of TensorFlow Probability and
 * `LowRankMultivariateNormal` of PyTorch.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution, WithMean, WithVariance } from "../../core/distribution.ts";
import { wrongType } from "../../core/errors.ts";
import type { Family } from "../../core/family.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import { HALF_LOG_2_PI } from "../../core/operations/normal_log_prob.ts";
import { normalNoise } from "../../core/random.ts";
import { lazily } from "../../core/tidy.ts";
import { sizeOf, type Tensor } from "../../core/types.ts";

/** What the low-rank normal is made of; K is the number of elements of an event. */
export interface LowRankNormalParameters {
  /** μ `[B, …event]`. */
  readonly mean: Tensor;
  /** σ `[B, …event]`. */
  readonly scale: Tensor;
  /** W `[B, K, R]`. The covariance is diag σ² + W·Wᵀ. */
  readonly factor: Tensor;
}

/** B normal distributions whose elements depend on each other through R factors. */
export interface LowRankNormal extends WithMean<"lowRankNormal">, WithVariance<"lowRankNormal"> {
  /** It is a density on real numbers. */
  readonly domain: "real";
  /** z = μ + σ·ε + W·η carries a gradient. */
  readonly reparameterized: true;
  /** σ `[B, …event]`. */
  readonly scale: Tensor;
  /** W `[B, K, R]`. */
  readonly factor: Tensor;
  /** log |Σ| `[B]`. */
  readonly logDeterminant: Tensor;
}

/**
 * Whether a distribution is a low-rank normal one.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   assert(!distributions.isLowRankNormal(distributions.standardNormal({ event: [2] })));
 * });
 * ```
 */
export function isLowRankNormal(distribution: Distribution): distribution is LowRankNormal {
  return distribution.family === "lowRankNormal";
}

/** Orthonormal columns `[B, N]`, and what their lengths multiply to in logarithms `[B]`. */
interface Orthonormalized {
  readonly columns: readonly Tensor[];
  readonly logLength: Tensor;
}

/** Takes the part along a column `[B, N]` of length 1 off vectors `[…, B, N]`. */
function besideOf(vectors: Tensor, column: Tensor): Tensor {
  return tf.sub(vectors, tf.mul(tf.sum(tf.mul(vectors, column), -1, true), column));
}

/** The columns of (V, I) by the modified method of Gram and Schmidt, for V `[B, K, R]`. */
function orthonormalize(scaled: Tensor): Orthonormalized {
  const [batch, , rank] = scaled.shape as [number, number, number];
  const identity = tf.tile(tf.expandDims(tf.eye(rank), 0), [batch, 1, 1]);
  const extended = tf.concat([scaled, identity], 1);
  const columns: Tensor[] = [], lengths: Tensor[] = [];
  for (let r = 0; r < rank; r++) {
    // tf.unstack has no gradient where there is only one.
    const column = tf.squeeze(tf.slice(extended, [0, 0, r], [-1, -1, 1]), [2]);
    const left = columns.reduce(besideOf, column);
    // Its identity part alone has length 1; rounding may lose that beside a large V.
    const length = tf.sqrt(tf.maximum(tf.sum(tf.square(left), 1, true), 1));
    columns.push(tf.div(left, length));
    lengths.push(length);
  }
  return { columns, logLength: tf.sum(tf.log(tf.concat(lengths, 1)), 1) };
}

/**
 * The normal distribution N(μ, diag σ² + W·Wᵀ), for R much smaller than K.
 *
 * @param parameters μ and σ `[B, …event]`, W `[B, K, R]`.
 * @returns B distributions over events of that shape.
 * @throws {TypeError} If W is not of shape `[B, K, R]`.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const mean = tf.zeros([1, 2]), scale = tf.ones([1, 2]);
 *   const factor = tf.tensor3d([[[1], [2]]]); // K = 2, R = 1
 *   const q = distributions.lowRankNormal({ mean, scale, factor });
 *   assert.deepEqual(q.variance.arraySync(), [[2, 5]]);
 *   const [nats] = q.logProb(tf.zeros([1, 1, 2])).dataSync(); // |Σ| = 2·5 − 2·2
 *   assert(Math.abs(nats! + Math.log(2 * Math.PI) + Math.log(6) / 2) < 1e-5);
 * });
 * ```
 */
export function lowRankNormal(
  { mean, scale, factor }: LowRankNormalParameters,
): LowRankNormal {
  const [batch, ...event] = mean.shape as [number, ...number[]], size = sizeOf(event);
  const [rows, height, rank] = factor.shape as [number, number, number];
  if (factor.rank !== 3 || rows !== batch || height !== size) {
    const requirement = `'factor' must have shape [${batch}, ${size}, R]`;
    throw wrongType("make a low-rank normal", requirement, factor.shape);
  }
  const scaledOf = lazily(() => tf.div(factor, inShape(scale, [batch, size, 1])));
  const varianceOf = lazily(() =>
    tf.add(tf.square(scale), inShape(tf.sum(tf.square(factor), 2), mean.shape))
  );
  let known: Orthonormalized | undefined;
  /** Made again where the `tf.tidy` that it was made in is over. */
  const orthonormalized = (): Orthonormalized =>
    known === undefined || known.logLength.isDisposed ? known = orthonormalize(scaledOf()) : known;
  const logDeterminantOf = lazily(() => {
    const logScales = tf.sum(tf.log(inShape(scale, [batch, size])), 1);
    return tf.mul(tf.add(logScales, orthonormalized().logLength), 2);
  });
  /** The log-density of x = μ + σ·r, with r `[S, B, K]`. */
  const densityOf = (standardized: Tensor): Tensor => {
    const padded = tf.pad(standardized, [[0, 0], [0, 0], [0, rank]]);
    const left = orthonormalized().columns.reduce(besideOf, padded);
    const distance = tf.add(tf.sum(tf.square(left), 2), logDeterminantOf());
    return tf.sub(tf.mul(distance, -0.5), size * HALF_LOG_2_PI);
  };

  return {
    family: "lowRankNormal",
    domain: "real",
    reparameterized: true,
    batch,
    event,
    mean,
    scale,
    factor,
    get logDeterminant() {
      return logDeterminantOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const own = normalNoise(seed.split("elements"), [samples, batch, size]);
      const shared = normalNoise(seed.split("factors"), [batch, samples, rank]);
      const product = tf.matMul(shared, scaledOf(), false, true);
      const standardized = tf.add(own, tf.transpose(product, [1, 0, 2]));
      const deviation = tf.mul(inShape(standardized, [samples, batch, ...event]), scale);
      return { value: tf.add(mean, deviation), logProb: () => densityOf(standardized) };
    },
    logProb: (value) => {
      const standardized = tf.div(tf.sub(value, mean), scale), [samples, rows] = standardized.shape;
      return densityOf(inShape(standardized, [samples!, rows!, size]));
    },
  };
}

/**
 * The family of low-rank normal distributions with R factors, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { parameters } = distributions.lowRankNormalFamily({ rank: 2 });
 * assert.deepEqual(Object.keys(parameters), ["mean", "scale", "factor"]);
 * ```
 */
export function lowRankNormalFamily(
  { rank }: { readonly rank: number },
): Family<LowRankNormal, "mean" | "scale" | "factor"> {
  return {
    name: "lowRankNormal",
    parameters: {
      mean: "real",
      scale: "positive",
      factor: { domain: "real", shape: (event) => [sizeOf(event), rank] },
    },
    support: "real",
    make: lowRankNormal,
  };
}
