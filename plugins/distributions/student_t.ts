/**
 * Student's t distribution, independent over the elements of its event.
 *
 * log p(x) = log Γ((ν+1)/2) − log Γ(ν/2) − ½ log νπ − log σ − (ν+1)/2 · log(1 + t²/ν), t = (x − μ)/σ
 *
 * Johnson, Kotz and Balakrishnan, "Continuous univariate distributions", vol. 2, 1995, chapter 28.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Factorized, WithMean, WithVariance } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { log1p } from "../../core/operations/log1p.ts";
import { stirlingError } from "../../core/operations/log_gamma.ts";
import { HALF_LOG_2_PI } from "../../core/operations/normal_log_prob.ts";
import { polynomial } from "../../core/operations/polynomial.ts";
import { normalNoise, type Seed } from "../../core/random.ts";
import { lazily } from "../../core/tidy.ts";
import type { Shape, Tensor } from "../../core/types.ts";
import { locationScale } from "./_location_scale.ts";

/** B Student's t distributions, independent over the elements of their event. */
export interface StudentT
  extends Factorized<"studentT">, WithMean<"studentT">, WithVariance<"studentT"> {
  /** It is a density on real numbers. */
  readonly domain: "real";
  /** x = μ + σ·ε(ν) carries a gradient to all three. */
  readonly reparameterized: true;
  /** ν, `[B, …event]` or of a shape that broadcasts to it. */
  readonly degreesOfFreedom: Tensor;
  /** μ `[B, …event]`. */
  readonly location: Tensor;
  /** σ, `[B, …event]` or of a shape that broadcasts to it. */
  readonly scale: Tensor;
}

/** The parameters of {@linkcode studentT}. */
export interface StudentTParameters {
  /** ν > 0: the fewer, the heavier the tails. Of the shape of μ, or one that broadcasts to it. */
  readonly degreesOfFreedom: Tensor;
  /** μ `[B, …event]`. */
  readonly location: Tensor;
  /** σ of that shape, or one that broadcasts to it. */
  readonly scale: Tensor;
}

/**
 * log Γ(a + ½) − log Γ(a) − ½ log a = a·log(1 + 1/2a) − ½ + R(a + ½) − R(a), by the error R of
 * Stirling's formula: it is small where both log Γ are large.
 */
function logGammaStep(a: Tensor): Tensor {
  const errors = tf.sub(stirlingError(tf.add(a, 0.5)), stirlingError(a));
  return tf.add(tf.sub(tf.mul(a, log1p(tf.div(0.5, a))), 0.5), errors);
}

/** Where eᵃ − 1 is taken from its series, as some backends round eᵃ first. */
const SMALL = 0.1;

/** (eᵃ − 1)/a for a ≥ 0. */
function expm1Ratio(a: Tensor): Tensor {
  const small = tf.step(tf.sub(SMALL, a)), far = tf.maximum(a, SMALL);
  const series = polynomial(tf.minimum(a, SMALL), [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120]);
  const ratio = tf.div(tf.expm1(far), far);
  return tf.add(tf.mul(small, series), tf.mul(tf.sub(1, small), ratio));
}

/**
 * z₁·√((eᵃ − 1)/a) with a = (z₁² + z₂²)/ν, for two normals z: Box and Muller's radius, stretched.
 * Exact for every ν, with a gradient by it.
 *
 * Bailey, "Polar generation of random variates with the t-distribution", Mathematics of computation,
 * 1994.
 */
function standardStudentTNoise(degreesOfFreedom: Tensor, seed: Seed, shape: Shape): Tensor {
  const first = normalNoise(seed.split("first"), shape);
  const second = normalNoise(seed.split("second"), shape);
  const radius = tf.add(tf.square(first), tf.square(second));
  return tf.mul(first, tf.sqrt(expm1Ratio(tf.div(radius, degreesOfFreedom))));
}

/**
 * Student's t distribution with ν degrees of freedom, location μ and scale σ. It has a mean for
 * ν > 1 (NaN otherwise), and a finite variance for ν > 2.
 *
 * @param parameters ν, μ `[B, …event]` and σ.
 * @returns B distributions over events of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const one = tf.scalar(1);
 *   const cauchy = distributions.studentT({
 *     degreesOfFreedom: one,
 *     location: tf.zeros([1, 1]),
 *     scale: one,
 *   });
 *   const [nats] = cauchy.logProb(tf.ones([1, 1, 1])).dataSync();
 *   assert(Math.abs(nats! + Math.log(2 * Math.PI)) < 1e-6);
 * });
 * ```
 */
export function studentT({ degreesOfFreedom, location, scale }: StudentTParameters): StudentT {
  const logConstant = lazily(() =>
    tf.sub(logGammaStep(tf.div(degreesOfFreedom, 2)), HALF_LOG_2_PI)
  );
  const power = lazily(() => tf.div(tf.add(degreesOfFreedom, 1), 2));

  /** 0/0 where there is no mean, and 0 elsewhere. */
  const nanUpToOne = (): Tensor => tf.div(0, tf.step(tf.sub(degreesOfFreedom, 1)));

  const base = locationScale({
    family: "studentT",
    location,
    scale,
    noise: (seed, shape) => standardStudentTNoise(degreesOfFreedom, seed, shape),
    logNoiseDensity: (noise) => {
      const tails = log1p(tf.div(tf.square(noise), degreesOfFreedom));
      return tf.sub(logConstant(), tf.mul(power(), tails));
    },
    mean: () => tf.add(location, nanUpToOne()),
    noiseVariance: () => {
      const excess = tf.relu(tf.sub(degreesOfFreedom, 2));
      return tf.add(tf.div(degreesOfFreedom, excess), nanUpToOne());
    },
  });
  return Object.assign(base, { degreesOfFreedom });
}

/**
 * The family of Student's t distributions, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.studentTFamily.parameters.degreesOfFreedom, "positive");
 * ```
 */
export const studentTFamily: Family<StudentT, "degreesOfFreedom" | "location" | "scale"> = {
  name: "studentT",
  parameters: { degreesOfFreedom: "positive", location: "real", scale: "positive" },
  support: "real",
  make: studentT,
};
