/**
 * Kumaraswamy's distribution, for numbers between 0 and 1.
 *
 * p(x) = a b xᵃ⁻¹ (1 − xᵃ)ᵇ⁻¹, drawn as x = (1 − u^(1/b))^(1/a)
 * Nalisnick and Smyth, "Stick-breaking variational autoencoders", arXiv:1605.06197.
 *
 * @module
 */
import {
  type Factorized,
  type Family,
  type Seed,
  type Shape,
  type Tensor,
  uniformNoise,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { independent } from "./independent.ts";

/** Numbers between 0 and 1, independent over the elements of their event. */
export type Kumaraswamy = Factorized<"kumaraswamy"> & { readonly reparameterized: true };

/** a and b `[B, …event]`. */
export interface KumaraswamyParameters {
  readonly a: Tensor;
  readonly b: Tensor;
}

/** log(1 − eˣ) for x < 0. */
function log1mExp(x: Tensor): Tensor {
  return tf.log(tf.neg(tf.expm1(x)));
}

/** (1 − u^(1/b))^(1/a) out of logarithms, so that neither end is rounded away. */
export function quantile(seed: Seed, shape: Shape, { a, b }: KumaraswamyParameters): Tensor {
  return tf.exp(tf.div(log1mExp(tf.div(tf.log(uniformNoise(seed, shape)), b)), a));
}

/** Kumaraswamy's distribution with a and b `[B, …event]`. */
export function kumaraswamy({ a, b }: KumaraswamyParameters): Kumaraswamy {
  const [batch, ...event] = a.shape as [number, ...number[]];
  const logConstant = tf.add(tf.log(a), tf.log(b));
  return independent({
    family: "kumaraswamy",
    domain: "real",
    reparameterized: true,
    batch,
    event,
    sample: (seed, shape) => quantile(seed, shape, { a, b }),
    logDensities: (value) => {
      const logX = tf.log(value);
      const lower = tf.mul(tf.sub(a, 1), logX);
      const upper = tf.mul(tf.sub(b, 1), log1mExp(tf.mul(a, logX)));
      return tf.add(logConstant, tf.add(lower, upper));
    },
  });
}

/** The family of Kumaraswamy's distributions. */
export const kumaraswamyFamily: Family<Kumaraswamy, "a" | "b"> = {
  name: "kumaraswamy",
  parameters: { a: "positive", b: "positive" },
  support: "unit",
  make: kumaraswamy,
};
