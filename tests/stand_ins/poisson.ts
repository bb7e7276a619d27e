/**
 * The Poisson distribution, for counts.
 *
 * log p(k) = k log λ − λ − log k!
 * Johnson, Kemp and Kotz, "Univariate discrete distributions", 2005, eq. 4.1.
 *
 * @module
 */
import {
  distributions,
  type Factorized,
  type Family,
  type Likelihood,
  type Shape,
  type Tensor,
  uniformNoise,
  type WithMean,
  type WithVariance,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { independent } from "./independent.ts";

/** Counts, independent over the elements of their event. */
export type Poisson = Factorized<"poisson"> & WithMean<"poisson"> & WithVariance<"poisson">;

const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

/** log Γ(x) for x ≥ 5 (Stirling's series). */
function logGamma(x: Tensor): Tensor {
  const leading = tf.sub(tf.mul(tf.sub(x, 0.5), tf.log(x)), x);
  const inverse = tf.reciprocal(x);
  const series = tf.sub(tf.div(inverse, 12), tf.div(tf.pow(inverse, 3), 360));
  return tf.add(tf.add(leading, HALF_LOG_2_PI), series);
}

/** log k! = log Γ(k + 5) − Σᵢ₌₁⁴ log(k + i), as the series is only good for large numbers. */
export function logFactorial(count: Tensor): Tensor {
  const skipped = [1, 2, 3, 4].map((i) => tf.log(tf.add(count, i)));
  return tf.sub(logGamma(tf.add(count, 5)), tf.addN(skipped));
}

/** The smallest k with u ≤ P(0) + … + P(k), one for every u `[S, B, …]` and λ `[B, …]`. */
function quantile(u: Tensor, rate: Tensor): Tensor {
  const rates = rate.dataSync();
  const counts = Float32Array.from(u.dataSync(), (level, i) => {
    const lambda = rates[i % rates.length]!;
    let count = 0, logMass = -lambda, below = Math.exp(logMass);
    // The masses of float64 end where those of large rates begin.
    while (below < level && count < lambda + 12 * Math.sqrt(lambda) + 24) {
      count++;
      logMass += Math.log(lambda / count);
      below += Math.exp(logMass);
    }
    return count;
  });
  return tf.tensor(counts, u.shape);
}

/** The Poisson distribution with rate λ `[B, …event]`. */
export function poisson({ rate }: { readonly rate: Tensor }): Poisson {
  const [batch, ...event] = rate.shape as [number, ...number[]];
  return independent({
    family: "poisson",
    domain: "discrete",
    reparameterized: false,
    batch,
    event,
    mean: rate,
    variance: rate,
    sample: (seed, shape) => quantile(uniformNoise(seed, shape), rate),
    logDensities: (count) => tf.sub(tf.sub(tf.mul(count, tf.log(rate)), rate), logFactorial(count)),
  });
}

/** The family of Poisson distributions. */
export const poissonFamily: Family<Poisson, "rate"> = {
  name: "poisson",
  parameters: { rate: "positive" },
  support: "count",
  make: poisson,
};

/** p(x|z) = ∏ Poisson(x | λ(z)), for counts. */
export function poissonLikelihood(): Likelihood<{ readonly rawRate: Shape }, "count", Poisson> {
  return {
    kind: "likelihood",
    name: "poisson",
    options: {},
    support: "count",
    heads: (event) => ({ rawRate: event }),
    build: () => ({ rawRate }) => poisson({ rate: distributions.positiveScale(rawRate) }),
  };
}
