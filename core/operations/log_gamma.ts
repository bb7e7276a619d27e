/**
 * log Γ(x) and its derivatives, for x > 0.
 *
 * log Γ(x) = (x − ½) log x − x + ½ log 2π + R(x), where R is the error of Stirling's formula.
 * Abramowitz and Stegun, "Handbook of mathematical functions", 1964, 6.1.40 and 6.3.18.
 *
 * Differences as log Γ(r + k) − log Γ(r) are best taken on paper, so that only those of R are left:
 * R is at most about 0.1 from 1 on, and falls like 1/(12x), while log Γ grows beyond all bounds.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";
import { HALF_LOG_2_PI } from "./normal_log_prob.ts";
import { polynomial } from "./polynomial.ts";

/**
 * R, R′ and R″ from 1 on: u·p(u), u²·p(u) and u³·p(u) with u = 1/x. The polynomials interpolate at
 * the Chebyshev points of [0, 1] and are good to 5·10⁻⁸.
 */
const ERROR = [
  0.0833333367,
  -3.49734568e-7,
  -0.00277068811,
  -6.09097331e-5,
  0.00106353309,
  -0.000645669862,
  0.00014221894,
] as const;
const SLOPE = [
  -0.0833333517,
  2.38085189e-6,
  0.00828049515,
  0.000465427597,
  -0.00605148285,
  0.0051044695,
  -0.00200619826,
  0.000322592975,
] as const;
const CURVATURE = [
  0.166666715,
  -7.88128717e-6,
  -0.0331192621,
  -0.00226222961,
  0.0357547481,
  -0.0339725403,
  0.0133425376,
  -0.000875002929,
  -0.000593033028,
] as const;

/** A function of every element, with its derivative. */
function elementwise(
  value: (x: Tensor) => Tensor,
  derivative: (x: Tensor) => Tensor,
): (x: Tensor) => Tensor {
  const run = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as Tensor]);
    return {
      value: value(x as Tensor),
      gradFunc: (upstream: Tensor, [x]: Tensor[]) => tf.mul(upstream, derivative(x!)),
    };
  });
  return (x) => run(x);
}

/** 1 where x < 1, so that Γ(x) is taken from Γ(x + 1), and 0 elsewhere. */
function belowOne(x: Tensor): Tensor {
  return tf.step(tf.sub(1, x)); // Unlike a comparison, it has a gradient: none.
}

/** R″(x), and R″(x) = R″(x + 1) + ½/(x(x + 1))². */
function curvature(x: Tensor): Tensor {
  const below = belowOne(x), u = tf.reciprocal(tf.add(x, below));
  const step = tf.div(0.5, tf.square(tf.mul(x, tf.add(x, 1))));
  const above = tf.mul(tf.mul(tf.square(u), u), polynomial(u, CURVATURE));
  return tf.add(above, tf.mul(below, step));
}

/**
 * R′(x), the derivative of {@linkcode stirlingError}; log x − 1/(2x) + R′(x) is the digamma function.
 *
 * @param x Positive numbers, of any shape.
 * @returns R′(x), of that shape.
 */
export const stirlingErrorSlope: (x: Tensor) => Tensor = elementwise((x) => {
  const below = belowOne(x), u = tf.reciprocal(tf.add(x, below)), inverse = tf.reciprocal(x);
  // R′(x) = R′(x + 1) + log(1 + 1/x) − ½ (1/x + 1/(x + 1))
  const both = tf.add(inverse, tf.reciprocal(tf.add(x, 1)));
  const step = tf.sub(tf.log(tf.add(inverse, 1)), tf.mul(both, 0.5));
  return tf.add(tf.mul(tf.square(u), polynomial(u, SLOPE)), tf.mul(below, step));
}, curvature);

/**
 * R(x) = log Γ(x) − ((x − ½) log x − x + ½ log 2π), the error of Stirling's formula.
 *
 * @param x Positive numbers, of any shape.
 * @returns R(x), of that shape.
 */
export const stirlingError: (x: Tensor) => Tensor = elementwise((x) => {
  const below = belowOne(x), u = tf.reciprocal(tf.add(x, below));
  // R(x) = R(x + 1) + (x + ½) log(1 + 1/x) − 1
  const logRatio = tf.log(tf.add(tf.reciprocal(x), 1));
  const step = tf.sub(tf.mul(tf.add(x, 0.5), logRatio), 1);
  return tf.add(tf.mul(u, polynomial(u, ERROR)), tf.mul(below, step));
}, stirlingErrorSlope);

/**
 * log Γ(x), to float32 precision between 10⁻⁶ and 10⁷; its gradient is {@linkcode digamma}.
 *
 * @param x Positive numbers, of any shape.
 * @returns log Γ(x), of that shape.
 *
 * @example
 * ```ts
 * import { logGamma } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const [half, five] = logGamma(tf.tensor1d([0.5, 5])).dataSync();
 *   assert(Math.abs(half! - 0.5 * Math.log(Math.PI)) < 1e-6);
 *   assert(Math.abs(five! - Math.log(24)) < 1e-6);
 * });
 * ```
 */
export function logGamma(x: Tensor): Tensor {
  const leading = tf.sub(tf.mul(tf.sub(x, 0.5), tf.log(x)), tf.sub(x, HALF_LOG_2_PI));
  return tf.add(leading, stirlingError(x));
}

/**
 * ψ(x) = d log Γ(x) / dx. It has a gradient too, the trigamma function.
 *
 * @param x Positive numbers, of any shape.
 * @returns ψ(x), of that shape.
 *
 * @example
 * ```ts
 * import { digamma } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const [one, two] = digamma(tf.tensor1d([1, 2])).dataSync();
 *   assert(Math.abs(two! - one! - 1) < 1e-6); // ψ(x + 1) = ψ(x) + 1/x
 * });
 * ```
 */
export function digamma(x: Tensor): Tensor {
  return tf.add(tf.sub(tf.log(x), tf.div(0.5, x)), stirlingErrorSlope(x));
}
