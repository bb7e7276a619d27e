/**
 * The Laplace distribution.
 *
 * log p(x) = −|x − μ| / b − log 2b
 * Johnson, Kotz and Balakrishnan, "Continuous univariate distributions", vol. 2, 1995, eq. 24.1.
 *
 * @module
 */
import {
  type Factorized,
  type Family,
  type Tensor,
  uniformNoise,
  type WithMean,
  type WithVariance,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { independent } from "./independent.ts";

/** Laplace variables, independent over the elements of their event. */
export type Laplace =
  & Factorized<"laplace">
  & WithMean<"laplace">
  & WithVariance<"laplace">
  & { readonly domain: "real"; readonly reparameterized: true };

/** The Laplace distribution with μ and b `[B, …event]`. */
export function laplace(
  { mean, scale }: { readonly mean: Tensor; readonly scale: Tensor },
): Laplace {
  const [batch, ...event] = mean.shape as [number, ...number[]];
  return independent({
    family: "laplace",
    domain: "real",
    reparameterized: true,
    batch,
    event,
    mean,
    variance: tf.mul(tf.square(scale), 2),
    // F⁻¹(u) = μ − b · sign(v) · log(1 − 2|v|), with v = u − ½
    sample: (seed, shape) => {
      const v = tf.sub(uniformNoise(seed, shape), 0.5);
      const standard = tf.mul(tf.sign(v), tf.log(tf.sub(1, tf.mul(tf.abs(v), 2))));
      return tf.sub(mean, tf.mul(scale, standard));
    },
    logDensities: (value) => {
      const distance = tf.div(tf.abs(tf.sub(value, mean)), scale);
      return tf.neg(tf.add(distance, tf.log(tf.mul(scale, 2))));
    },
  });
}

/** The family of Laplace distributions. */
export const laplaceFamily: Family<Laplace, "mean" | "scale"> = {
  name: "laplace",
  parameters: { mean: "real", scale: "positive" },
  support: "real",
  make: laplace,
};
