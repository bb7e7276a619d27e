/**
 * The discretized logistic distribution on L equally spaced levels from 0 to 1, independent over the
 * elements of its event.
 *
 * P(x) = σ((x + w/2 − μ)/s) − σ((x − w/2 − μ)/s), with w = 1/(L − 1); the lowest level has all that
 * lies below it too, and the highest all above.
 *
 * Salimans, Karpathy, Chen and Kingma, "PixelCNN++: improving the PixelCNN with discretized logistic
 * mixture likelihood and other modifications", arXiv:1701.05517, §2.1. The difference is taken in
 * logarithms: σ(b) − σ(a) = σ(b) σ(−a) (1 − e⁻⁽ᵇ⁻ᵃ⁾), in which nothing cancels.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import {
  type Factorized,
  sumOverEvent,
  type WithMean,
  type WithVariance,
} from "../../core/distribution.ts";
import { outOfRange } from "../../core/errors.ts";
import type { Family } from "../../core/family.ts";
import { polynomial } from "../../core/operations/polynomial.ts";
import { where } from "../../core/operations/where.ts";
import { lazily, sumOf } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";
import { logisticNoise } from "./_logistic_noise.ts";

/** B discretized logistic distributions, independent over the elements of their event. */
export interface DiscretizedLogistic
  extends
    Factorized<"discretizedLogistic">,
    WithMean<"discretizedLogistic">,
    WithVariance<"discretizedLogistic"> {
  /** It is a probability of levels. */
  readonly domain: "discrete";
  /** No gradient passes through a draw. */
  readonly reparameterized: false;
  /** μ `[B, …event]`. */
  readonly location: Tensor;
  /** s `[B, …event]`, or of a shape that broadcasts to it. */
  readonly scale: Tensor;
  /** L, the number of levels. */
  readonly levels: number;
}

/** The parameters of {@linkcode discretizedLogistic}. */
export interface DiscretizedLogisticParameters {
  /** μ `[B, …event]`, on the scale of the levels: from 0 to 1, or beyond. */
  readonly location: Tensor;
  /** s of that shape, or one that broadcasts to it. */
  readonly scale: Tensor;
  /**
   * L, the number of levels.
   * @default 256
   */
  readonly levels?: number;
}

/** Throws unless a number of levels is 2, 3, … */
export function requireLevels(action: string, levels: number): void {
  if (Number.isInteger(levels) && levels >= 2) return;
  throw outOfRange(action, "'levels' must be an integer of at least 2", levels);
}

/** log(1 − e⁻ˣ) for x > 0: near 0 by log((1 − e⁻ˣ)/x) = −x/2 + x²/24 − x⁴/2880 + …. */
function log1mExp(x: Tensor): Tensor {
  const isSmall = tf.cast(tf.step(tf.sub(0.5, x)), "bool"); // A step has a gradient, which is 0.
  const small = where(isSmall, x, tf.onesLike(x)), large = where(isSmall, tf.onesLike(x), x);
  return where(
    isSmall,
    tf.add(tf.log(small), polynomial(small, [0, -1 / 2, 1 / 24, 0, -1 / 2880])),
    tf.log(tf.sub(1, tf.exp(tf.neg(large)))),
  );
}

/**
 * The discretized logistic distribution over the levels 0, 1/(L − 1), …, 1. A value between two levels
 * counts as the nearer one.
 *
 * @param parameters μ `[B, …event]`, s and L. Mean and variance sum over all levels one by one.
 * @returns B distributions over events of that shape.
 * @throws {RangeError} If the number of levels is not an integer of at least 2.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const location = tf.fill([1, 3], 0.5), scale = tf.scalar(0.1);
 *   const q = distributions.discretizedLogistic({ location, scale, levels: 3 });
 *   const nats = q.logDensities(tf.tensor3d([[[0, 0.5, 1]]])); // All levels there are.
 *   assert(Math.abs(tf.exp(nats).sum().dataSync()[0]! - 1) < 1e-6);
 * });
 * ```
 */
export function discretizedLogistic(
  { location, scale, levels = 256 }: DiscretizedLogisticParameters,
): DiscretizedLogistic {
  requireLevels("make a discretized logistic", levels);
  const [batch, ...event] = location.shape as [number, ...number[]];
  const top = levels - 1, width = 1 / top;
  const logShare = lazily(() => log1mExp(tf.div(width, scale)));
  const standardize = (x: Tensor | number): Tensor => tf.div(tf.sub(x, location), scale);

  const logDensities = (value: Tensor): Tensor => {
    const level = tf.round(tf.mul(value, top));
    const above = tf.step(level), below = tf.step(tf.sub(top, level)); // Is there a lower, a higher?
    const x = tf.mul(level, width);
    const upper = tf.softplus(tf.neg(standardize(tf.add(x, width / 2)))); // −log σ(b)
    const lower = tf.softplus(standardize(tf.sub(x, width / 2))); // −log σ(−a)
    const inner = tf.mul(tf.mul(above, below), logShare());
    return tf.sub(inner, tf.add(tf.mul(below, upper), tf.mul(above, lower)));
  };
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);

  /** Where one level ends and the next begins. */
  const edge = (k: number): number => (k + 0.5) * width;
  /** w Σ_k P(x > edge k). */
  const meanOf = lazily(() =>
    tf.mul(width, sumOf(top, (k) => tf.sigmoid(tf.neg(standardize(edge(k))))))
  );
  /** 2w Σ_k |edge k − c| P(x beyond edge k, seen from c) − (E[x] − c)², about the level c at E[x]. */
  const varianceOf = lazily(() => {
    const mean = meanOf(), center = tf.mul(width, tf.round(tf.mul(top, mean)));
    const square = sumOf(top, (k) => {
      const distance = tf.sub(edge(k), center), outwards = tf.neg(tf.sign(distance));
      return tf.mul(tf.abs(distance), tf.sigmoid(tf.mul(outwards, standardize(edge(k)))));
    });
    return tf.relu(tf.sub(tf.mul(2 * width, square), tf.square(tf.sub(mean, center))));
  });

  return {
    family: "discretizedLogistic",
    domain: "discrete",
    reparameterized: false,
    batch,
    event,
    location,
    scale,
    levels,
    get mean() {
      return meanOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const noise = logisticNoise(seed, [samples, batch, ...event]);
      const logistic = tf.clipByValue(tf.add(location, tf.mul(scale, noise)), 0, 1);
      const value = tf.div(tf.round(tf.mul(logistic, top)), top);
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

/**
 * The family of discretized logistic distributions on some number of levels, as the laws are told of
 * it.
 *
 * @param options L, the number of levels.
 * @throws {RangeError} If the number of levels is not an integer of at least 2.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.discretizedLogisticFamily({ levels: 256 }).support, "unit");
 * ```
 */
export function discretizedLogisticFamily(
  { levels }: { readonly levels: number },
): Family<DiscretizedLogistic, "location" | "scale"> {
  requireLevels("describe a family", levels);
  return {
    name: "discretizedLogistic",
    parameters: { location: "real", scale: "positive" },
    support: "unit",
    make: ({ location, scale }) => discretizedLogistic({ location, scale, levels }),
  };
}
