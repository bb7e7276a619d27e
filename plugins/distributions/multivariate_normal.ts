/**
 * The multivariate normal distribution, by its mean and the Cholesky factor of its covariance.
 *
 * log p(x) = −½ ‖L⁻¹(x − μ)‖² − Σ log Lᵢᵢ − K/2 log 2π
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
import { sameShape, sizeOf, type Tensor } from "../../core/types.ts";
import { diagonalOf, lowerTriangular, solveLower } from "./_triangular.ts";

/** What the multivariate normal is made of; K is the number of elements of an event. */
export interface MultivariateNormalParameters {
  /** μ `[B, …event]`. */
  readonly mean: Tensor;
  /** L `[B, K, K]`: lower triangular, with a positive diagonal. The covariance is L·Lᵀ. */
  readonly cholesky: Tensor;
}

/** B normal distributions whose elements depend on each other. */
export interface MultivariateNormal
  extends WithMean<"multivariateNormal">, WithVariance<"multivariateNormal"> {
  /** It is a density on real numbers. */
  readonly domain: "real";
  /** z = μ + L·ε carries a gradient. */
  readonly reparameterized: true;
  /** L `[B, K, K]`. */
  readonly cholesky: Tensor;
  /** The diagonal of L `[B, K]`. */
  readonly diagonal: Tensor;
}

/**
 * Whether a distribution is a multivariate normal one.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   assert(!distributions.isMultivariateNormal(distributions.standardNormal({ event: [2] })));
 * });
 * ```
 */
export function isMultivariateNormal(
  distribution: Distribution,
): distribution is MultivariateNormal {
  return distribution.family === "multivariateNormal";
}

/**
 * The normal distribution N(μ, L·Lᵀ).
 *
 * A draw costs one product of matrices and knows its density; the density of other values takes a
 * forward substitution of K steps.
 *
 * @param parameters μ `[B, …event]` and L `[B, K, K]`.
 * @returns B distributions over events of that shape.
 * @throws {TypeError} If L is not of shape `[B, K, K]`.
 *
 * @example
 * ```ts
 * import { distributions, seed } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const cholesky = tf.tensor3d([[[1, 0], [3, 4]]]);
 *   const q = distributions.multivariateNormal({ mean: tf.zeros([1, 2]), cholesky });
 *   assert.deepEqual(q.variance.arraySync(), [[1, 25]]);
 *   assert.deepEqual(q.draw(seed(1), 7).value.shape, [7, 1, 2]);
 * });
 * ```
 */
export function multivariateNormal(
  { mean, cholesky }: MultivariateNormalParameters,
): MultivariateNormal {
  const [batch, ...event] = mean.shape as [number, ...number[]], size = sizeOf(event);
  if (!sameShape(cholesky.shape, [batch, size, size])) {
    const requirement = `'cholesky' must have shape [${[batch, size, size].join(", ")}]`;
    throw wrongType("make a multivariate normal", requirement, cholesky.shape);
  }
  const diagonalLazily = lazily(() => diagonalOf(cholesky));
  const varianceOf = lazily(() => inShape(tf.sum(tf.square(cholesky), 2), mean.shape));
  /** Σ log Lᵢᵢ + K/2 log 2π `[B]`. */
  const normalizer = lazily(() =>
    tf.add(tf.sum(tf.log(diagonalLazily()), 1), size * HALF_LOG_2_PI)
  );
  /** The log-density of x = μ + L·ε, with ε `[S, B, K]`. */
  const densityOf = (noise: Tensor): Tensor =>
    tf.sub(tf.mul(tf.sum(tf.square(noise), 2), -0.5), normalizer());

  return {
    family: "multivariateNormal",
    domain: "real",
    reparameterized: true,
    batch,
    event,
    mean,
    cholesky,
    get diagonal() {
      return diagonalLazily();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const noise = normalNoise(seed, [samples, batch, size]);
      // ε·Lᵀ for the S draws of each distribution: [B, S, K]
      const product = tf.matMul(tf.transpose(noise, [1, 0, 2]), cholesky, false, true);
      const deviation = inShape(tf.transpose(product, [1, 0, 2]), [samples, batch, ...event]);
      return { value: tf.add(mean, deviation), logProb: () => densityOf(noise) };
    },
    logProb: (value) => {
      const deviation = tf.sub(value, mean), [samples, rows] = deviation.shape;
      return densityOf(solveLower(cholesky, inShape(deviation, [samples!, rows!, size])));
    },
  };
}

/**
 * The family of multivariate normal distributions, as the laws are told of it: the Cholesky factor
 * by its diagonal, and by a matrix of which only what is below the diagonal counts.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { parameters } = distributions.multivariateNormalFamily;
 * assert.deepEqual(Object.keys(parameters), ["mean", "diagonal", "below"]);
 * ```
 */
export const multivariateNormalFamily: Family<MultivariateNormal, "mean" | "diagonal" | "below"> = {
  name: "multivariateNormal",
  parameters: {
    mean: "real",
    diagonal: { domain: "positive", shape: (event) => [sizeOf(event)] },
    below: { domain: "real", shape: (event) => [sizeOf(event), sizeOf(event)] },
  },
  support: "real",
  make: ({ mean, diagonal, below }) =>
    multivariateNormal({ mean, cholesky: lowerTriangular(diagonal, below) }),
};
