/**
 * The logistic-normal distribution on the simplex.
 *
 * log p(x) = Σᵢ₌₁ᴷ⁻¹ log N(log xᵢ/x_K | μᵢ, σᵢ²) − Σᵢ₌₁ᴷ log xᵢ, a density by the first K − 1 parts.
 * Aitchison and Shen, "Logistic-normal distributions: some properties and uses", Biometrika, 1980.
 *
 * @module
 */
import { type Distribution, distributions, type Family, type Tensor } from "../../mod.ts";
import { tf } from "../../core/tf.ts";

/** Parts that are positive and add up to 1. */
export type LogisticNormal = Distribution<"logisticNormal"> & {
  readonly domain: "simplex";
  readonly reparameterized: true;
};

/** The distribution of softmax(y, 0), with y ~ N(μ, σ²) and μ and σ `[B, K − 1]`. */
export function logisticNormal(
  { mean, scale }: { readonly mean: Tensor; readonly scale: Tensor },
): LogisticNormal {
  const logits = distributions.normal({ mean, scale });
  const [batch, last] = mean.shape as [number, number];

  /** Σᵢ log xᵢ, of logarithms. */
  const logSlope = (logParts: Tensor): Tensor => tf.sum(logParts, -1);
  const ratios = (logParts: Tensor): Tensor => {
    const [first, end] = tf.split(logParts, [last, 1], -1) as [Tensor, Tensor];
    return tf.sub(first, end);
  };

  return {
    family: "logisticNormal",
    domain: "simplex",
    reparameterized: true,
    batch,
    event: [last + 1],
    draw: (seed, samples = 1) => {
      const draw = logits.draw(seed, samples), zeros = tf.zeros([samples, batch, 1]);
      const logParts = tf.logSoftmax(tf.concat([draw.value, zeros], -1));
      return {
        value: tf.exp(logParts),
        logProb: () => tf.sub(draw.logProb(), logSlope(logParts)),
      };
    },
    logProb: (value) => {
      const logParts = tf.log(value);
      return tf.sub(logits.logProb(ratios(logParts)), logSlope(logParts));
    },
  };
}

/** The family of logistic-normal distributions. */
export const logisticNormalFamily: Family<LogisticNormal, "mean" | "scale"> = {
  name: "logisticNormal",
  parameters: {
    mean: { domain: "real", shape: ([parts]) => [parts! - 1] },
    scale: { domain: "positive", shape: ([parts]) => [parts! - 1] },
  },
  support: "simplex",
  make: logisticNormal,
};
