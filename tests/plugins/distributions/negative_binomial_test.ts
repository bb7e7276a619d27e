import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { logGamma } from "../../deps.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { assertFollowsSeed } from "../../helpers/follows_seed.ts";
import { mean, moment, NORMAL_BOUND } from "../../helpers/statistics.ts";

const { negativeBinomial } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 3e-6, relative: 3e-6 };

/** Two distributions over three counts, with one θ for each count: B = 2, K = 3. */
const LOG_MEANS = [[0, 1, -2], [2.5, 3, -4]], LOG_THETAS = [-1, 0.5, 2];
const two = () =>
  negativeBinomial({
    logMean: tf.tensor2d(LOG_MEANS),
    logInverseDispersion: tf.tensor1d(LOG_THETAS),
  });

/** log p(k) as the formula says it, in float64. */
function logPmf(k: number, logMean: number, logTheta: number): number {
  const mean = Math.exp(logMean), theta = Math.exp(logTheta), total = theta + mean;
  return logGamma(k + theta) - logGamma(theta) - logGamma(k + 1) +
    theta * Math.log(theta / total) + k * Math.log(mean / total);
}

Deno.test("negativeBinomial() says what it is", () => {
  tf.tidy(() => {
    const { family, domain, reparameterized, batch, event, ...p } = two();
    assert.deepEqual([family, domain, reparameterized], ["negativeBinomial", "discrete", false]);
    assert.deepEqual([batch, event], [2, [3]]);
    assertClose(p.logMean, LOG_MEANS.flat(), { absolute: 0 });
    assertClose(p.logInverseDispersion, LOG_THETAS, { absolute: 0 });
  });
});

Deno.test("NegativeBinomial.logProb() sums over the event, for samples [S, B, K]", async (t) => {
  const values = [[[0, 0, 0], [10, 23, 1]], [[1, 5, 2], [14, 180, 0]]];
  const expected = values.flatMap((sample) =>
    sample.map((row, b) =>
      row.reduce((sum, k, i) => sum + logPmf(k, LOG_MEANS[b]![i]!, LOG_THETAS[i]!), 0)
    )
  );
  await onEachBackend(t, () => {
    const logProb = two().logProb(tf.tensor3d(values));
    assert.deepEqual(logProb.shape, [2, 2]);
    assertClose(logProb, expected, ROUNDING);
  });
});

Deno.test("NegativeBinomial.mean is μ, and .variance is μ + μ²/θ", async (t) => {
  await onEachBackend(t, () => {
    const p = two(), means = LOG_MEANS.flat().map(Math.exp);
    assertClose(p.mean, means, ROUNDING);
    const variances = means.map((mean, i) => mean + mean ** 2 / Math.exp(LOG_THETAS[i % 3]!));
    assertClose(p.variance, variances, ROUNDING);
  });
});

Deno.test("NegativeBinomial.draw() follows its seed, on all backends alike", (t) =>
  assertFollowsSeed(t, two, ROUNDING));

Deno.test("NegativeBinomial.draw() has its mean and variance, for small and large θ", () => {
  const size = 20_000;
  for (const [logMean, logTheta] of [[3, -1], [6, 1], [6, 14], [-1, 0]] as const) {
    tf.tidy(() => {
      const p = negativeBinomial({
        logMean: tf.fill([1, 1], logMean),
        logInverseDispersion: tf.scalar(logTheta),
      });
      const draws = p.draw(seed(1), size).value.dataSync();
      const [center] = p.mean.dataSync(), [variance] = p.variance.dataSync();
      const found = moment(draws, 2, center!), fourth = moment(draws, 4, center!);
      assert(Math.abs(mean(draws) - center!) < NORMAL_BOUND * Math.sqrt(variance! / size));
      const error = Math.sqrt((fourth - found ** 2) / size);
      assert(Math.abs(found - variance!) < NORMAL_BOUND * error, `${logMean}, ${logTheta}`);
    });
  }
});

Deno.test("negativeBinomial() stays finite with extreme parameters", async (t) => {
  const logs = [-40, -10, 0, 10, 40];
  await onEachBackend(t, () => {
    const logMean = tf.tensor2d([logs.flatMap((log) => logs.map(() => log))]);
    const logInverseDispersion = tf.tensor2d([logs.flatMap(() => logs)]);
    const given = [logMean, logInverseDispersion];
    for (const k of [0, 1, 1000, 1e6]) {
      const value = tf.fill([1, 1, 25], k);
      const run = (logMean: tf.Tensor, logInverseDispersion: tf.Tensor) =>
        negativeBinomial({ logMean, logInverseDispersion }).logDensities(value);
      for (const tensor of [run(logMean, logInverseDispersion), ...tf.grads(run)(given)]) {
        assert(tensor.dataSync().every(Number.isFinite), `k = ${k}`);
      }
    }
  });
});
