/**
 * The maximum mean discrepancy between q(z), the posterior of all data together, and p(z).
 *
 * MMD² = E[k(z, z′)] − 2 E[k(z, y)] + E[k(y, y′)], with z, z′ ~ q(z) and y, y′ ~ p(z).
 * Gretton et al., "A kernel two-sample test", JMLR 13, 2012. In autoencoders: Zhao, Song and Ermon,
 * "InfoVAE: information maximizing variational autoencoders", arXiv:1706.02262, and Tolstikhin et
 * al., "Wasserstein auto-encoders", arXiv:1711.01558.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import type { Divergence } from "../../core/divergence.ts";
import { outOfRange, requireNumber } from "../../core/errors.ts";
import { divergenceTerm, type Term, weighted } from "../../core/ledger.ts";
import { requirePlugin } from "../../core/plugin.ts";
import { checked, type Schedule } from "../../core/schedule.ts";
import { sizeOf, type Tensor } from "../../core/types.ts";

/** The kernels, as functions of the squared distance and of a squared bandwidth C. */
const KERNELS = {
  inverseMultiquadratic: (squared: Tensor, c: number): Tensor => tf.div(c, tf.add(squared, c)),
  rbf: (squared: Tensor, c: number): Tensor => tf.exp(tf.div(squared, -c)),
} as const;

/** Options of {@linkcode mmd}. */
export interface MmdOptions<Q extends Distribution, P extends Distribution> {
  /**
   * The weight of MMD², a non-negative number or a schedule of them.
   * @default 1
   */
  readonly weight?: number | Schedule;
  /**
   * k(z, y) at a squared distance d²: C / (C + d²), whose heavy tails reach far latents too, or
   * exp(−d² / C).
   * @default "inverseMultiquadratic"
   */
  readonly kernel?: "inverseMultiquadratic" | "rbf";
  /**
   * C in multiples of 2K, the mean squared distance of two draws from N(0, I); the kernels of
   * several are averaged.
   * @default [0.1, 0.2, 0.5, 1, 2, 5, 10]
   */
  readonly bandwidths?: readonly number[];
  /**
   * Which estimate of MMD²: over pairs of different draws (a U-statistic, which is right on average
   * and may be negative), or over all pairs (a V-statistic, too large, never negative).
   * @default "unbiased"
   */
  readonly statistic?: "unbiased" | "biased";
  /**
   * A divergence whose rows are added, for instance a weighted KL.
   * @default none
   */
  readonly divergence?: Divergence<Q, P> | undefined;
}

/** The squared distances within each sample, of `[S, n, K]` from `[S, m, K]`: `[S, n, m]`. */
function squaredDistances(a: Tensor, b: Tensor): Tensor {
  const lengthsOf = (rows: Tensor): Tensor => tf.sum(tf.square(rows), 2, true);
  const lengths = tf.add(lengthsOf(a), tf.transpose(lengthsOf(b), [0, 2, 1]));
  return tf.relu(tf.sub(lengths, tf.mul(tf.matMul(a, b, false, true), 2))); // Rounding goes below.
}

/**
 * How far the latents of all data together are from the prior. It leaves it open how much each datum
 * tells of itself, and bounds nothing. The draws of the batch stand for q(z), as many of the prior
 * for p(z); pairs are made within each of the S samples, so that both are from different data.
 *
 * InfoVAE's combination, (1 − α) · KL + (α + λ − 1) · MMD², is
 * `mmd({ weight: alpha + lambda - 1, divergence: betaKl({ beta: 1 - alpha }) })`.
 *
 * The row "squared MMD" has one number for the whole batch, without a unit. A single datum makes no
 * pairs of different ones: a batch of one gets the biased statistic, and the row says so. A learned
 * prior learns from it if gradients pass through its draws.
 *
 * @param options Weight, kernel, bandwidths, statistic, and a divergence to add.
 * @throws {RangeError} If the weight is negative or not finite, a bandwidth not positive or none
 * there, or the kernel or the statistic an unknown word.
 * @throws {TypeError} If the divergence is no plugin.
 *
 * @example
 * ```ts
 * import { divergences } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { betaKl, mmd } = divergences;
 * const infoVae = mmd({ weight: 10, divergence: betaKl({ beta: 0.5 }) });
 * assert.equal(infoVae.isKl, false);
 * assert.throws(() => mmd({ bandwidths: [0] }), /'bandwidths' must be a positive number/);
 * ```
 */
export function mmd<
  Q extends Distribution = Distribution,
  P extends Distribution = Distribution,
>({
  weight = 1,
  kernel = "inverseMultiquadratic",
  bandwidths = [0.1, 0.2, 0.5, 1, 2, 5, 10],
  statistic = "unbiased",
  divergence,
}: MmdOptions<Q, P> = {}): Divergence<Q, P> {
  const action = "build divergence";
  const weightAt = checked(
    weight,
    (value) => requireNumber(action, "weight", value, { minimum: 0 }),
  );
  if (!Object.hasOwn(KERNELS, kernel)) {
    throw outOfRange(action, "'kernel' must be 'inverseMultiquadratic' or 'rbf'", kernel);
  }
  if (statistic !== "unbiased" && statistic !== "biased") {
    throw outOfRange(action, "'statistic' must be 'unbiased' or 'biased'", statistic);
  }
  if (!Array.isArray(bandwidths) || bandwidths.length === 0) {
    throw outOfRange(action, "'bandwidths' must be a list of at least one", bandwidths);
  }
  for (const c of bandwidths) requireNumber(action, "bandwidths", c, { minimum: 0, open: true });

  if (divergence !== undefined) requirePlugin(action, "divergence", "divergence", divergence);

  /** k of every pair: `[S, n, m]`. */
  function kernels(a: Tensor, b: Tensor): Tensor {
    const squared = squaredDistances(a, b), unit = 2 * a.shape[2]!;
    const each = bandwidths.map((bandwidth) => KERNELS[kernel](squared, bandwidth * unit));
    return tf.div(tf.addN(each), bandwidths.length);
  }

  /** E[k(z, z′)] of draws `[S, B, K]`. */
  function within(draws: Tensor, unbiased: boolean): Tensor {
    const mean = tf.mean(kernels(draws, draws)), size = draws.shape[1]!;
    return unbiased ? tf.div(tf.sub(tf.mul(mean, size), 1), size - 1) : mean; // k(z, z) is 1.
  }

  return {
    kind: "divergence",
    name: "mmd",
    options: { weight, kernel, bandwidths, statistic, divergence },
    isKl: false,
    estimate: (given) => {
      const { draw, prior, seed, context } = given;
      const factor = weightAt(context.progress);
      const [samples, batch, ...event] = draw.value.shape as [number, number, ...number[]];
      const shape = [samples, batch, sizeOf(event)];
      const q = tf.reshape(draw.value, shape);
      const drawn = prior.draw(seed.split("mmd"), samples * batch / prior.batch).value;
      const p = tf.reshape(drawn, shape);
      const unbiased = statistic === "unbiased" && batch > 1;
      const inner = tf.add(within(q, unbiased), within(p, unbiased));
      const nats = tf.sub(inner, tf.mul(tf.mean(kernels(q, p)), 2));
      const estimator = unbiased ? "Monte Carlo" : "biased";
      const row: Term = weighted(
        divergenceTerm("squared MMD", nats, { estimator, samples }),
        factor,
      );
      return divergence === undefined ? [row] : [row, ...divergence.estimate(given)];
    },
  };
}
