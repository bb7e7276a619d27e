/**
 * The continuous Bernoulli distribution on [0, 1], independent over the elements of its event.
 *
 * log p(x) = x·ℓ − A(ℓ), with logits ℓ = log(λ / (1 − λ)) and A(ℓ) = log((eˡ − 1) / ℓ)
 *
 * Loaiza-Ganem and Cunningham, "The continuous Bernoulli: fixing a pervasive error in variational
 * autoencoders", arXiv:1907.06845. Their log C(λ) is log(1 + eˡ) − A(ℓ). At λ = ½, where ℓ = 0, every
 * formula is 0/0, and Taylor's expansion stands for it on both sides.
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
import type { Family } from "../../core/family.ts";
import { polynomial } from "../../core/operations/polynomial.ts";
import { where } from "../../core/operations/where.ts";
import { uniformNoise } from "../../core/random.ts";
import { lazily } from "../../core/tidy.ts";
import type { Tensor } from "../../core/types.ts";

/** B continuous Bernoulli distributions, independent over the elements of their event. */
export interface ContinuousBernoulli
  extends
    Factorized<"continuousBernoulli">,
    WithMean<"continuousBernoulli">,
    WithVariance<"continuousBernoulli"> {
  /** It is a density on numbers from 0 to 1. */
  readonly domain: "unit";
  /** A draw is the quantile of uniform noise, which carries a gradient. */
  readonly reparameterized: true;
  /** ℓ `[B, …event]`. */
  readonly logits: Tensor;
}

/** Whether numbers are above 0; unlike comparisons, a step has a gradient, which is 0. */
function isPositive(x: Tensor): Tensor {
  return tf.cast(tf.step(x), "bool");
}

/** A function of ℓ: `near` while |ℓ| < bound, `far` elsewhere; neither sees the other's numbers. */
function piecewise(
  logits: Tensor,
  bound: number,
  near: (logits: Tensor) => Tensor,
  far: (logits: Tensor) => Tensor,
): Tensor {
  const isNear = isPositive(tf.sub(bound, tf.abs(logits)));
  const small = where(isNear, logits, tf.zerosLike(logits));
  const large = where(isNear, tf.onesLike(logits), logits);
  return where(isNear, near(small), far(large));
}

/** A(ℓ) = log((eˡ − 1) / ℓ) = max(ℓ, 0) + log((1 − e⁻|ˡ|) / |ℓ|). */
function logNormalizer(logits: Tensor): Tensor {
  return piecewise(
    logits,
    1,
    (l) => {
      const even = polynomial(tf.square(l), [0, 1 / 24, -1 / 2880, 1 / 181440, -1 / 9676800]);
      return tf.add(tf.mul(l, 0.5), even);
    },
    (l) => {
      const size = tf.abs(l), ratio = tf.sub(1, tf.exp(tf.neg(size)));
      return tf.add(tf.relu(l), tf.sub(tf.log(ratio), tf.log(size)));
    },
  );
}

/** A′(ℓ) = 1 / (1 − e⁻ˡ) − 1/ℓ. */
function meanOf(logits: Tensor): Tensor {
  return piecewise(
    logits,
    1,
    (l) => {
      const slope = polynomial(tf.square(l), [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600]);
      return tf.add(tf.mul(l, slope), 0.5);
    },
    (l) => {
      // Of −|ℓ|, where it is the smaller of the two: A′(ℓ) = 1 − A′(−ℓ).
      const size = tf.abs(l), tail = tf.exp(tf.neg(size));
      const lower = tf.sub(tf.reciprocal(size), tf.div(tail, tf.sub(1, tail)));
      return where(isPositive(tf.neg(l)), lower, tf.sub(1, lower));
    },
  );
}

/** A″(ℓ) = 1/ℓ² − e⁻|ˡ| / (1 − e⁻|ˡ|)². */
function varianceOf(logits: Tensor): Tensor {
  return piecewise(
    logits,
    1,
    (l) => polynomial(tf.square(l), [1 / 12, -1 / 240, 1 / 6048, -1 / 172800, 1 / 5322240]),
    (l) => {
      const tail = tf.exp(tf.neg(tf.abs(l)));
      return tf.sub(tf.square(tf.reciprocal(l)), tf.div(tail, tf.square(tf.sub(1, tail))));
    },
  );
}

/** F⁻¹(u) = log(1 − u + u·eˡ) / ℓ, for u `[S, B, …event]` between 0 and 1. */
function quantile(logits: Tensor, u: Tensor): Tensor {
  return piecewise(
    tf.mul(logits, tf.onesLike(u)),
    0.3,
    (l) => {
      // The cumulants of a coin with probability u, as the logarithm is their generating function.
      const v = tf.mul(u, tf.sub(1, u)), skew = tf.sub(1, tf.mul(u, 2));
      const third = tf.mul(tf.mul(v, skew), 1 / 6);
      const fourth = tf.mul(polynomial(v, [0, 1, -6]), 1 / 24);
      const fifth = tf.mul(tf.mul(polynomial(v, [0, 1, -12]), skew), 1 / 120);
      const rest = tf.add(third, tf.mul(l, tf.add(fourth, tf.mul(l, fifth))));
      return tf.add(u, tf.mul(l, tf.add(tf.mul(v, 0.5), tf.mul(l, rest))));
    },
    (l) => {
      // For ℓ < 0; for ℓ > 0 it is 1 − F⁻¹(1 − u) of −ℓ. The difference 1 − u is exact in float32.
      const isNegative = isPositive(tf.neg(l)), size = tf.abs(l);
      const level = where(isNegative, u, tf.sub(1, u));
      const above = tf.add(tf.sub(1, level), tf.mul(level, tf.exp(tf.neg(size))));
      const lower = tf.neg(tf.div(tf.log(above), size));
      return where(isNegative, lower, tf.sub(1, lower));
    },
  );
}

/**
 * The continuous Bernoulli distribution with the given logits: of all densities on [0, 1] with its
 * mean the one of largest entropy, uniform where ℓ = 0.
 *
 * @param parameters ℓ `[B, …event]`. The mean is not λ = sigmoid(ℓ), but nearer to ½.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const q = distributions.continuousBernoulli({ logits: tf.tensor2d([[0, 2]]) });
 *   const [uniform, rising] = q.logDensities(tf.fill([1, 1, 2], 0.75)).dataSync();
 *   assert.equal(uniform, 0);
 *   assert(Math.abs(rising! - Math.log(2 * Math.exp(1.5) / Math.expm1(2))) < 1e-6);
 * });
 * ```
 */
export function continuousBernoulli({ logits }: { readonly logits: Tensor }): ContinuousBernoulli {
  const [batch, ...event] = logits.shape as [number, ...number[]];
  const normalizer = lazily(() => logNormalizer(logits));
  const mean = lazily(() => meanOf(logits)), variance = lazily(() => varianceOf(logits));

  const logDensities = (value: Tensor): Tensor => tf.sub(tf.mul(value, logits), normalizer());
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);

  return {
    family: "continuousBernoulli",
    domain: "unit",
    reparameterized: true,
    batch,
    event,
    logits,
    get mean() {
      return mean();
    },
    get variance() {
      return variance();
    },
    draw: (seed, samples = 1) => {
      const noise = uniformNoise(seed, [samples, batch, ...event]);
      const value = tf.clipByValue(quantile(logits, noise), 0, 1);
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

/**
 * The family of continuous Bernoulli distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { parameters, support } = distributions.continuousBernoulliFamily;
 * assert.deepEqual([parameters, support], [{ logits: "real" }, "unit"]);
 * ```
 */
export const continuousBernoulliFamily: Family<ContinuousBernoulli, "logits"> = {
  name: "continuousBernoulli",
  parameters: { logits: "real" },
  support: "unit",
  make: continuousBernoulli,
};
