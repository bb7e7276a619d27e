/**
 * log p(k) = log Γ(k + θ) − log Γ(θ) − log k! + θ log(θ/(θ + μ)) + k log(μ/(θ + μ))
 *
 * For large θ and k these are small differences of large numbers, and so, with ρ = (θ + k)/(θ + μ),
 * log p(k) = −d(θ, ρθ) − d(k, ρμ) − ½ log(1 + k/θ) + R(θ + k) − R(θ) − (log k! − k log k + k),
 * which becomes the Poisson distribution as θ → ∞. Here d is a deviance and R the error of
 * Stirling's formula: Loader, "Fast and accurate computation of binomial probabilities", 2000.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";
import { stirlingError, stirlingErrorSlope } from "./log_gamma.ts";
import { deviance, logFactorialRest } from "./poisson_log_prob.ts";
import { sumToShape } from "./sum_to_shape.ts";

/** θ and θ + k, log ρ, the slope by log μ, which is k − ρμ = ρθ − θ too, and d(θ, ρθ). */
function partsOf(logMean: Tensor, logInverseDispersion: Tensor, count: Tensor) {
  const theta = tf.exp(logInverseDispersion), mean = tf.exp(logMean);
  const trials = tf.add(theta, count), total = tf.add(theta, mean);
  const logRatio = tf.log(tf.div(trials, total));
  const slope = tf.mul(tf.div(theta, total), tf.sub(count, mean));
  const distance = deviance(theta, tf.neg(slope), tf.neg(logRatio));
  return { theta, trials, logRatio, slope, distance };
}

const run = tf.customGrad((...given) => {
  const [logMean, logInverseDispersion, count, save] = given as unknown as [
    Tensor,
    Tensor,
    Tensor,
    tf.GradSaveFunc,
  ];
  save([logMean, logInverseDispersion, count]);
  const parts = partsOf(logMean, logInverseDispersion, count);
  const { theta, trials, logRatio, slope, distance } = parts;
  const logCountRatio = tf.sub(tf.sub(tf.log(tf.maximum(count, 1)), logMean), logRatio);
  const distances = tf.add(distance, deviance(count, slope, logCountRatio));
  const errors = tf.sub(stirlingError(trials), stirlingError(theta));
  const half = tf.mul(tf.log1p(tf.div(count, theta)), 0.5);
  return {
    value: tf.sub(tf.sub(tf.sub(errors, half), distances), logFactorialRest(count)),
    gradFunc: (upstream: Tensor, saved: Tensor[]) => {
      const [logMean, logInverseDispersion, count] = saved as [Tensor, Tensor, Tensor];
      const parts = partsOf(logMean, logInverseDispersion, count);
      const { theta, trials, slope, distance } = parts;
      // By log θ: ½ k/(θ + k) − d(θ, ρθ) + θ (R′(θ + k) − R′(θ))
      const errors = tf.sub(stirlingErrorSlope(trials), stirlingErrorSlope(theta));
      const half = tf.mul(tf.div(count, trials), 0.5);
      const slopeByTheta = tf.add(tf.sub(half, distance), tf.mul(theta, errors));
      return [
        sumToShape(tf.mul(upstream, slope), logMean.shape),
        sumToShape(tf.mul(upstream, slopeByTheta), logInverseDispersion.shape),
        tf.zerosLike(count),
      ];
    },
  };
});

/**
 * The log-probability of every count on its own.
 *
 * @param parameters log μ `[B, …event]`, and log θ of that shape or one that broadcasts to it.
 * @param count k `[S or 1, B or 1, …event]`, to which no gradient passes.
 * @returns log p(k) `[S, B, …event]`, in nats.
 */
export function negativeBinomialLogProb(
  parameters: { readonly logMean: Tensor; readonly logInverseDispersion: Tensor },
  count: Tensor,
): Tensor {
  return run(parameters.logMean, parameters.logInverseDispersion, count);
}
