/**
 * The logistic normal distribution on the simplex: the softmax of a normal vector.
 *
 * x = softmax(V·y) with y ~ N(μ, σ²) in ℝᴷ⁻¹, where the columns of V are orthonormal and add up to 0:
 * y = Vᵀ log x, and log p(x) = log N(Vᵀ log x | μ, σ²) − ½ log K − Σ log xᵢ, a density by the first
 * K − 1 parts.
 *
 * Aitchison and Shen, "Logistic-normal distributions: some properties and uses", Biometrika, 1980.
 * The coordinates are those of Egozcue et al., "Isometric logratio transformations for compositional
 * data analysis", Mathematical Geology, 2003. They treat all parts alike: N(0, σ²) is the same
 * distribution whatever the order of the parts, which it is not where y = log xᵢ/x_K.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import { wrongType } from "../../core/errors.ts";
import type { Family } from "../../core/family.ts";
import { lazily } from "../../core/tidy.ts";
import type { Shape, Tensor } from "../../core/types.ts";
import { type Normal, normal } from "./normal.ts";

/** B logistic normal distributions over K parts that are positive and add up to 1. */
export interface LogisticNormal extends Distribution<"logisticNormal"> {
  /** It is a density on the simplex. */
  readonly domain: "simplex";
  /** The softmax of μ + σ·ε carries a gradient. */
  readonly reparameterized: true;
  /** The normal y `[B, K − 1]`. */
  readonly base: Normal;
}

/** The parameters of {@linkcode logisticNormal}. */
export interface LogisticNormalParameters {
  /** μ `[B, K − 1]`. */
  readonly location: Tensor;
  /** σ of that shape, or one that broadcasts to it. */
  readonly scale: Tensor;
}

/** The smallest log xᵢ of a draw: float32 holds no normal number much below exp −87. */
const SMALLEST_LOG_PART = -87;

/**
 * V `[K, K − 1]`, Helmert's matrix: its column j is a step from the first j parts, which weigh the
 * same, down to the next one.
 */
function contrasts(parts: number): Tensor {
  const values = new Float32Array(parts * (parts - 1));
  for (let j = 1; j < parts; j++) {
    const length = Math.sqrt(j * (j + 1));
    for (let i = 0; i <= j; i++) values[i * (parts - 1) + j - 1] = (i < j ? 1 : -j) / length;
  }
  return tf.tensor2d(values, [parts, parts - 1]);
}

/** `[…, N]` times a matrix `[N, M]`, or times its transpose. */
function product(value: Tensor, matrix: Tensor, transpose = false): Tensor {
  const [from, to] = transpose ? [1, 0] : [0, 1];
  const rows = tf.reshape(value, [-1, matrix.shape[from]!]);
  const answer = tf.matMul(rows, matrix, false, transpose);
  return tf.reshape(answer, [...value.shape.slice(0, -1), matrix.shape[to]!]);
}

/**
 * The number of coordinates of the parts of a latent, for plugins that make one on the simplex.
 *
 * @throws {TypeError} If the latent is not a list of at least two parts.
 */
export function simplexCoordinates(action: string, latent: Shape): Shape {
  const [parts = 0] = latent;
  if (latent.length === 1 && parts >= 2) return [parts - 1];
  throw wrongType(
    action,
    "a latent on the simplex must have shape [K] with K of at least 2",
    latent,
  );
}

/**
 * Whether a distribution is logistic normal.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.logisticNormal({ location: tf.zeros([1, 2]), scale: tf.scalar(1) });
 *   assert(distributions.isLogisticNormal(q) && !distributions.isNormal(q));
 * });
 * ```
 */
export function isLogisticNormal(distribution: Distribution): distribution is LogisticNormal {
  return distribution.family === "logisticNormal";
}

/**
 * The distribution of softmax(V·y), with y ~ N(μ, σ²). Its mean has no closed form.
 *
 * @param parameters μ `[B, K − 1]` and σ.
 * @returns B distributions over events `[K]`.
 *
 * @example
 * ```ts
 * import { distributions, seed } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.logisticNormal({ location: tf.zeros([1, 2]), scale: tf.scalar(1) });
 *   const { value } = q.draw(seed(1));
 *   assert.deepEqual(value.shape, [1, 1, 3]);
 *   assert(Math.abs(value.sum().dataSync()[0]! - 1) < 1e-6);
 * });
 * ```
 */
export function logisticNormal({ location, scale }: LogisticNormalParameters): LogisticNormal {
  const base = normal({ mean: location, scale });
  const [batch, coordinates] = location.shape as [number, number];
  const parts = coordinates + 1;
  const matrix = lazily(() => contrasts(parts));

  /** log |dx/dy| = ½ log K + Σ log xᵢ. */
  const logSlope = (logParts: Tensor): Tensor => tf.add(tf.sum(logParts, -1), Math.log(parts) / 2);

  return {
    family: "logisticNormal",
    domain: "simplex",
    reparameterized: true,
    batch,
    event: [parts],
    base,
    draw: (seed, samples = 1) => {
      const { value, logProb } = base.draw(seed, samples);
      const logits = product(value, matrix(), true);
      const logParts = tf.sub(logits, tf.logSumExp(logits, -1, true));
      return {
        value: tf.exp(tf.maximum(logParts, SMALLEST_LOG_PART)),
        logProb: lazily(() => tf.sub(logProb(), logSlope(logParts))),
      };
    },
    logProb: (value) => {
      const logParts = tf.log(value);
      return tf.sub(base.logProb(product(logParts, matrix())), logSlope(logParts));
    },
  };
}

/**
 * The family of logistic normal distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.logisticNormalFamily.support, "simplex");
 * ```
 */
export const logisticNormalFamily: Family<LogisticNormal, "location" | "scale"> = {
  name: "logisticNormal",
  parameters: {
    location: { domain: "real", shape: ([parts]) => [parts! - 1] },
    scale: { domain: "positive", shape: ([parts]) => [parts! - 1] },
  },
  support: "simplex",
  make: logisticNormal,
};
