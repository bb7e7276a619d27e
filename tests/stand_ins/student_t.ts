/**
 * Student's t distribution with ν = 5 degrees of freedom, whose tails are heavy.
 *
 * log p(x) = log Γ((ν+1)/2) − log Γ(ν/2) − ½ log νπ − log σ − (ν+1)/2 · log(1 + t²/ν), t = (x − μ)/σ
 * Bishop, "Pattern recognition and machine learning", 2006, eq. 2.159.
 *
 * @module
 */
import {
  type Factorized,
  type Family,
  normalNoise,
  type Seed,
  type Shape,
  type Tensor,
  type WithMean,
  type WithVariance,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { independent } from "./independent.ts";

/** Student's variables, independent over the elements of their event. */
export type StudentT =
  & Factorized<"studentT">
  & WithMean<"studentT">
  & WithVariance<"studentT">
  & { readonly domain: "real"; readonly reparameterized: true };

const FREEDOM = 5;

/** Γ(3) / (Γ(5/2) √(5π)) = 2 / (¾ √π · √(5π)) */
const LOG_CONSTANT = Math.log(8 / (3 * Math.PI * Math.sqrt(FREEDOM)));

/** z₀ / √((z₁² + … + z₅²) / 5): no parameter is in it, so that a gradient passes. */
function standardNoise(seed: Seed, shape: Shape): Tensor {
  const squares = tf.square(normalNoise(seed.split("squares"), [FREEDOM, ...shape]));
  return tf.div(normalNoise(seed.split("normal"), shape), tf.sqrt(tf.mean(squares, 0)));
}

/** Student's t distribution with μ and σ `[B, …event]`. */
export function studentT(
  { mean, scale }: { readonly mean: Tensor; readonly scale: Tensor },
): StudentT {
  const [batch, ...event] = mean.shape as [number, ...number[]];
  return independent({
    family: "studentT",
    domain: "real",
    reparameterized: true,
    batch,
    event,
    mean,
    variance: tf.mul(tf.square(scale), FREEDOM / (FREEDOM - 2)),
    sample: (seed, shape) => tf.add(mean, tf.mul(scale, standardNoise(seed, shape))),
    logDensities: (value) => {
      const squared = tf.square(tf.div(tf.sub(value, mean), scale));
      const tails = tf.mul(tf.log1p(tf.div(squared, FREEDOM)), (FREEDOM + 1) / 2);
      return tf.sub(LOG_CONSTANT, tf.add(tf.log(scale), tails));
    },
  });
}

/** The family of Student's t distributions with 5 degrees of freedom. */
export const studentTFamily: Family<StudentT, "mean" | "scale"> = {
  name: "studentT",
  parameters: { mean: "real", scale: "positive" },
  support: "real",
  make: studentT,
};
