import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { negativeBinomialLogProb } from "../../../core/operations/negative_binomial_log_prob.ts";
import { poissonLogProb } from "../../../core/operations/poisson_log_prob.ts";
import type { Tensor } from "../../../core/types.ts";
import { useBackend } from "../../../mod.ts";
import { digamma, logGamma, trigamma } from "../../deps.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

await useBackend({ backend: "cpu" });

/** A digit of log k in float32, beside d(k, μ). */
const FLOAT32 = { absolute: 5e-6, relative: 2e-5 };

const COUNTS = [0, 1, 2, 7, 50, 1000, 3e4];

/** Means from far below a count to far above it, as float32 holds their logarithms. */
const CASES = COUNTS.flatMap((count) =>
  [1e-3, 0.1, 0.5, 0.9, 1, 1.05, 1.2, 1.25, 3, 10].map((factor) => ({
    count,
    logMean: Math.fround(Math.log(factor * Math.max(count, 1))),
  }))
);
const PAIRS = CASES.flatMap((given) =>
  [-15, -4, -1, 0, 0.5, 2, 6, 10, 14].map((logTheta) => ({ ...given, logTheta }))
);

const column = (values: readonly number[]): Tensor => tf.tensor2d(values.map((x) => [x]));

/** log p(k), and its derivatives by log μ and log θ, in float64. */
function negativeBinomial({ count, logMean, logTheta }: typeof PAIRS[number]) {
  const mean = Math.exp(logMean), theta = Math.exp(logTheta);
  const choices = count === 0 ? 0 : logGamma(count + theta) - logGamma(theta) - logGamma(count + 1);
  const logNone = -Math.log1p(mean / theta);
  const logProb = choices + theta * logNone + count * (logMean - Math.log(theta + mean));
  const excess = (count - mean) / (theta + mean);
  const psi = digamma(count + theta) - digamma(theta);
  return { logProb, byMean: theta * excess, byTheta: theta * (psi + logNone - excess) };
}

Deno.test("poissonLogProb() keeps its digits for large counts, and so does its slope", async (t) => {
  const expected = CASES.map(({ count, logMean }) =>
    count * logMean - Math.exp(logMean) - logGamma(count + 1)
  );
  const slopes = CASES.map(({ count, logMean }) => count - Math.exp(logMean));
  await onEachBackend(t, () => {
    const logRate = column(CASES.map(({ logMean }) => logMean));
    const count = column(CASES.map(({ count }) => count));
    assertClose(poissonLogProb(logRate, count), expected, FLOAT32);
    const slope = tf.grad((logRate) => poissonLogProb(logRate, count))(logRate);
    // Beside a count, half a digit of log λ is what float32 has.
    assertClose(slope, slopes, { absolute: 5e-3, relative: 5e-6 });
  });
});

Deno.test("negativeBinomialLogProb() keeps its digits, with slopes, for θ up to 10⁶", async (t) => {
  const expected = PAIRS.map(negativeBinomial);
  await onEachBackend(t, () => {
    const logMean = column(PAIRS.map(({ logMean }) => logMean));
    const logInverseDispersion = column(PAIRS.map(({ logTheta }) => logTheta));
    const count = column(PAIRS.map(({ count }) => count));
    const run = (logMean: Tensor, logInverseDispersion: Tensor): Tensor =>
      negativeBinomialLogProb({ logMean, logInverseDispersion }, count);
    assertClose(
      run(logMean, logInverseDispersion),
      expected.map(({ logProb }) => logProb),
      FLOAT32,
    );
    const [byMean, byTheta] = tf.grads(run)([logMean, logInverseDispersion]);
    assertClose(byMean!, expected.map(({ byMean }) => byMean), { absolute: 5e-3, relative: 5e-6 });
    assertClose(byTheta!, expected.map(({ byTheta }) => byTheta), FLOAT32);
  });
});

Deno.test("negativeBinomialLogProb() tends to the Poisson distribution", async (t) => {
  await onEachBackend(t, () => {
    const count = column([0, 1, 2, 5, 20]), logMean = column([0, 1, -1, 2, 3]);
    const logInverseDispersion = tf.scalar(Math.log(1e7));
    const p = negativeBinomialLogProb({ logMean, logInverseDispersion }, count);
    assertClose(p, poissonLogProb(logMean, count), { absolute: 2e-5 });
    // By log θ: (k − (k − μ)²) / 2θ, however small.
    const k = [0, 1, 2, 5, 20], mu = Array.from(logMean.dataSync(), Math.exp);
    const slopes = k.map((k, i) => (k - (k - mu[i]!) ** 2) / 2e7);
    const logThetas = tf.fill([5, 1], Math.log(1e7));
    const slope = tf.grad((logInverseDispersion) =>
      negativeBinomialLogProb({ logMean, logInverseDispersion }, count)
    )(logThetas);
    assertClose(slope, slopes, { absolute: 1e-9, relative: 1e-3 });
  });
});

Deno.test("negativeBinomialLogProb() has second derivatives", async (t) => {
  const counts = [0, 1, 4, 30], mean = 3, theta = 1.5;
  const expected = counts.map((k) => {
    const total = theta + mean, logNone = Math.log(theta / total);
    const slope = digamma(k + theta) - digamma(theta) + logNone - (k - mean) / total;
    const curve = trigamma(k + theta) - trigamma(theta) + mean / (theta * total) +
      (k - mean) / total ** 2;
    return theta * slope + theta ** 2 * curve;
  });
  await onEachBackend(t, () => {
    const count = column(counts), logMean = tf.fill([4, 1], Math.log(mean));
    const run = (logInverseDispersion: Tensor): Tensor =>
      negativeBinomialLogProb({ logMean, logInverseDispersion }, count);
    const second = tf.grad((x) => tf.grad(run)(x))(tf.fill([4, 1], Math.log(theta)));
    assertClose(second, expected, { absolute: 1e-5, relative: 1e-5 });
    const rate = tf.grad((x) => tf.grad((x) => poissonLogProb(x, count))(x))(logMean);
    assertClose(rate, counts.map(() => -mean), { relative: 1e-6 });
  });
});

Deno.test("negativeBinomialLogProb() broadcasts, and its gradients are summed back", async (t) => {
  await onEachBackend(t, () => {
    const before = tf.memory().numTensors;
    const shapes = tf.tidy(() => {
      const logMean = tf.zeros([2, 3]), theta = tf.zeros([3]), count = tf.ones([4, 1, 3]);
      const run = (logMean: Tensor, logInverseDispersion: Tensor): Tensor =>
        negativeBinomialLogProb({ logMean, logInverseDispersion }, count);
      const [byMean, byTheta] = tf.grads(run)([logMean, theta]) as [Tensor, Tensor];
      const [one] = tf.grads(run)([tf.zeros([1, 3]), tf.zeros([1, 3])]) as [Tensor, Tensor];
      // Every feature has the same, and k = μ.
      const [sum] = tf.sum(byTheta).dataSync();
      assertClose(byTheta, Array(3).fill(sum! / 3), { relative: 1e-6 });
      assert(sum! !== 0);
      assertClose(byMean, Array(6).fill(0), { absolute: 1e-6 });
      assert.deepEqual(one.shape, [1, 3]);
      return [run(logMean, theta).shape, byMean.shape, byTheta.shape];
    });
    assert.deepEqual(shapes, [[4, 2, 3], [2, 3], [3]]);
    assert.equal(tf.memory().numTensors, before);
  });
});
