/**
 * The power spherical distribution, on the unit sphere S^(K−1) of points of length 1 in ℝᴷ.
 *
 * log p(x) = κ log(1 + μᵀx) − (α + β) log 2 − β log π − log Γ(α) + log Γ(α + β), with
 * α = (K − 1)/2 + κ and β = (K − 1)/2
 *
 * De Cao and Aziz, "The power spherical distribution", arXiv:2006.04437. A draw takes its part along
 * μ from a beta distribution, t = 2 Beta(α, β) − 1, its direction across from the uniform
 * distribution on S^(K−2), and reflects them from the first axis onto μ. The reflection is that of
 * ±μ whose axis is not short, as in Householder's QR: so gradients stay bounded everywhere.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution, WithMean, WithVariance } from "../../core/distribution.ts";
import { outOfRange } from "../../core/errors.ts";
import type { Family } from "../../core/family.ts";
import { logGammaRatio } from "../../core/operations/log_gamma_ratio.ts";
import { logStandardGamma } from "../../core/operations/standard_gamma.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import { normalNoise, type Seed } from "../../core/random.ts";
import { lazily } from "../../core/tidy.ts";
import { sizeOf, type Tensor } from "../../core/types.ts";

/** B power spherical distributions. */
export interface PowerSpherical extends WithMean<"powerSpherical">, WithVariance<"powerSpherical"> {
  /** It is a density on points of length 1. */
  readonly domain: "sphere";
  /** Draws carry a gradient, implicitly by κ. */
  readonly reparameterized: true;
  /** μ `[B, …event]`, of length 1. */
  readonly location: Tensor;
  /** κ `[B]`. */
  readonly scale: Tensor;
}

/** Parameters of {@linkcode powerSpherical}. */
export interface PowerSphericalParameters {
  /** Points from 0 to μ `[B, …event]`, of any length. */
  readonly direction: Tensor;
  /** κ `[B]`, not negative: how concentrated the distribution is. At 0 it is uniform. */
  readonly scale: Tensor;
}

/**
 * Whether a distribution is power spherical.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert(!distributions.isPowerSpherical(distributions.uniformSphere({ event: [3] })));
 * ```
 */
export function isPowerSpherical(distribution: Distribution): distribution is PowerSpherical {
  return distribution.family === "powerSpherical";
}

/** ½‖μ + x‖² = 1 + μᵀx that float32 cannot tell from 0. */
const OPPOSITE = 1e-14;

/** A direction shorter than this points along the first axis. */
const SHORTEST = 1e-12;

/** The first axis `[1, K]`. */
function firstAxis(dimensions: number): Tensor {
  return tf.tensor2d([Array.from({ length: dimensions }, (_, i) => i === 0 ? 1 : 0)]);
}

/** The points of length 1 in some directions `[B, K]`. */
function normalize(direction: Tensor): Tensor {
  const largest = stopGradient(tf.max(tf.abs(direction), 1, true));
  const none = tf.step(tf.sub(SHORTEST, largest));
  const scaled = tf.add(
    tf.div(direction, tf.maximum(largest, SHORTEST)),
    tf.mul(none, firstAxis(direction.shape[1]!)),
  );
  return tf.div(scaled, tf.sqrt(tf.sum(tf.square(scaled), 1, true)));
}

/** Points `[S, B, K]` around the first axis, turned to lie around μ `[B, K]`. */
function turn(points: Tensor, location: Tensor): Tensor {
  const first = tf.slice(location, [0, 0], [-1, 1]);
  // 1 where the first element of μ is at least 0, and −1 elsewhere; no gradient passes.
  const sign = tf.sub(1, tf.mul(tf.step(tf.neg(first)), 2));
  // The reflection across this axis takes the first axis to −sign · μ.
  const axis = tf.add(location, tf.mul(sign, firstAxis(location.shape[1]!)));
  const share = tf.div(
    tf.mul(tf.sum(tf.mul(points, axis), -1, true), 2),
    tf.sum(tf.square(axis), -1, true),
  );
  return tf.mul(tf.sub(tf.mul(share, axis), points), sign);
}

/** Uniform on the sphere S^(K−2): `[S, B, K − 1]`. */
function tangents(seed: Seed, [samples, batch, dimensions]: [number, number, number]): Tensor {
  const noise = normalNoise(seed, [samples, batch, dimensions - 1]);
  return tf.div(noise, tf.sqrt(tf.sum(tf.square(noise), -1, true)));
}

/**
 * The power spherical distribution around a direction. All elements of an event together have
 * length 1; its mean, μ κ/(κ + K − 1), is shorter than that.
 *
 * @param parameters The direction of μ `[B, …event]`, and κ `[B]`.
 * @returns B distributions over events of that shape.
 * @throws {RangeError} If the event has fewer than 2 elements.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const direction = tf.tensor2d([[0, 0, 5]]);
 *   const q = distributions.powerSpherical({ direction, scale: tf.tensor1d([1]) });
 *   assert.deepEqual(q.location.arraySync(), [[0, 0, 1]]);
 *   const [nats] = q.logProb(tf.tensor3d([[[0, 0, 1]]])).dataSync(); // p(x) = (1 + x₃)/4π
 *   assert(Math.abs(nats! - Math.log(2 / (4 * Math.PI))) < 1e-5);
 * });
 * ```
 */
export function powerSpherical({ direction, scale }: PowerSphericalParameters): PowerSpherical {
  const [batch, ...event] = direction.shape as [number, ...number[]];
  const dimensions = sizeOf(event), beta = (dimensions - 1) / 2;
  if (dimensions < 2) {
    throw outOfRange("build distribution", "an event must have 2 elements or more", dimensions);
  }
  const flat = lazily(() => normalize(tf.reshape(direction, [batch, dimensions])));
  const locationOf = lazily(() => tf.reshape(flat(), direction.shape));
  const alphaOf = lazily(() => tf.add(scale, beta));
  /** (α + β) log 2 + β log π + log Γ(α) − log Γ(α + β). */
  const logConstantOf = lazily(() => {
    const powers = tf.add(tf.mul(tf.add(scale, 2 * beta), Math.LN2), beta * Math.log(Math.PI));
    return tf.sub(powers, logGammaRatio(alphaOf(), beta));
  });

  /** A number for every distribution `[B]`, beside events. */
  const beside = (numbers: Tensor): Tensor => tf.reshape(numbers, [batch, ...event.map(() => 1)]);
  const meanOf = lazily(() => tf.mul(locationOf(), beside(tf.div(scale, tf.add(scale, 2 * beta)))));
  const varianceOf = lazily(() => {
    // Var[t] = 4αβ/((α + β)² (α + β + 1)) along μ, (1 − E[t²])/(K − 1) = 2α/((α + β)(α + β + 1))
    // across.
    const sum = tf.add(alphaOf(), beta);
    const across = tf.div(tf.mul(alphaOf(), 2), tf.mul(sum, tf.add(sum, 1)));
    const along = tf.div(tf.mul(across, 2 * beta), sum);
    const squares = tf.square(locationOf());
    return tf.add(beside(across), tf.mul(squares, beside(tf.sub(along, across))));
  });

  const logProbAt = (log: Tensor): Tensor => tf.sub(tf.mul(scale, log), logConstantOf());

  return {
    family: "powerSpherical",
    domain: "sphere",
    reparameterized: true,
    batch,
    event,
    scale,
    get location() {
      return locationOf();
    },
    get mean() {
      return meanOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      // Beta(α, β) is the sigmoid of this, so that t = tanh ½l and √(1 − t²) = sech ½l.
      const logit = tf.sub(
        logStandardGamma(alphaOf(), seed.split("alpha"), samples),
        logStandardGamma(tf.fill([batch], beta), seed.split("beta"), samples),
      );
      const below = tf.softplus(tf.neg(logit)), above = tf.softplus(logit);
      const along = tf.expandDims(tf.tanh(tf.mul(logit, 0.5)), -1);
      const across = tf.expandDims(tf.mul(tf.exp(tf.mul(tf.add(below, above), -0.5)), 2), -1);
      const tangent = tangents(seed.split("tangent"), [samples, batch, dimensions]);
      const points = tf.concat([along, tf.mul(across, tangent)], -1);
      return {
        value: tf.reshape(turn(points, flat()), [samples, batch, ...event]),
        logProb: () => logProbAt(tf.sub(Math.LN2, below)), // 1 + t = 2 sigmoid(l)
      };
    },
    logProb: (value) => {
      const [samples, rows] = value.shape as [number, number];
      const sum = tf.add(tf.reshape(value, [samples, rows, dimensions]), flat());
      const square = tf.mul(tf.sum(tf.square(sum), -1), 0.5);
      return logProbAt(tf.log(tf.maximum(square, OPPOSITE)));
    },
  };
}

/**
 * The family of power spherical distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.powerSphericalFamily.support, "sphere");
 * ```
 */
export const powerSphericalFamily: Family<PowerSpherical, "direction" | "scale"> = {
  name: "powerSpherical",
  parameters: { direction: "real", scale: { domain: "positive", shape: () => [] } },
  support: "sphere",
  make: powerSpherical,
};
