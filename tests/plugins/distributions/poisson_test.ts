import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { logGamma } from "../../deps.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { assertFollowsSeed } from "../../helpers/follows_seed.ts";
import { mean, moment, NORMAL_BOUND } from "../../helpers/statistics.ts";

const { poisson } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 2e-6, relative: 2e-6 };

/** Two distributions over three counts: B = 2, K = 3. */
const LOG_RATES = [[0, 1, -2], [2.5, 3, -4]];
const two = () => poisson({ logRate: tf.tensor2d(LOG_RATES) });

const logPmf = (k: number, rate: number): number => k * Math.log(rate) - rate - logGamma(k + 1);

Deno.test("poisson() says what it is", () => {
  tf.tidy(() => {
    const { family, domain, reparameterized, batch, event, logRate } = two();
    assert.deepEqual([family, domain, reparameterized], ["poisson", "discrete", false]);
    assert.deepEqual([batch, event], [2, [3]]);
    assertClose(logRate, LOG_RATES.flat(), { absolute: 0 });
  });
});

Deno.test("Poisson.logProb() sums over the event, for samples [S, B, K]", async (t) => {
  const values = [[[0, 0, 0], [10, 23, 1]], [[1, 5, 2], [14, 18, 0]]];
  const expected = values.flatMap((sample) =>
    sample.map((row, b) =>
      row.reduce((sum, k, i) => sum + logPmf(k, Math.exp(LOG_RATES[b]![i]!)), 0)
    )
  );
  await onEachBackend(t, () => {
    const logProb = two().logProb(tf.tensor3d(values));
    assert.deepEqual(logProb.shape, [2, 2]);
    assertClose(logProb, expected, ROUNDING);
  });
});

Deno.test("Poisson.mean and .variance are the rate", async (t) => {
  await onEachBackend(t, () => {
    const p = two(), rates = LOG_RATES.flat().map(Math.exp);
    assertClose(p.mean, rates, ROUNDING);
    assertClose(p.variance, rates, ROUNDING);
  });
});

Deno.test("Poisson.draw() follows its seed, on all backends alike", (t) =>
  assertFollowsSeed(t, two, ROUNDING));

Deno.test("Poisson.draw() draws fewer samples as the first of many", async (t) => {
  await onEachBackend(t, () => {
    const p = two(), many = p.draw(seed(3), 50).value.dataSync();
    assertClose(p.draw(seed(3), 2).value, many.slice(0, 12), { absolute: 0 });
  });
});

Deno.test("Poisson.draw() knows large rates, and ends for those that are no number", () => {
  const size = 10_000, rate = 5e5, logRate = Math.fround(Math.log(rate));
  tf.tidy(() => {
    const p = poisson({ logRate: tf.tensor2d([[logRate]]) });
    const draws = p.draw(seed(5), size).value.dataSync(), lambda = Math.exp(logRate);
    assert(Math.abs(mean(draws) - lambda) < NORMAL_BOUND * Math.sqrt(lambda / size));
    const variance = moment(draws, 2, lambda) / lambda;
    assert(Math.abs(variance - 1) < NORMAL_BOUND * Math.sqrt(2 / size));
    const ends = poisson({ logRate: tf.tensor2d([[80, -80, NaN, 800]]) }).draw(seed(1)).value;
    const [large, small, nothing, infinite] = ends.dataSync();
    assert(Math.abs(large! / Math.exp(80) - 1) < 1e-6);
    assert.deepEqual([small, nothing, infinite], [0, NaN, Infinity]);
  });
});

Deno.test("poisson() stays finite with extreme rates, and so do its gradients", async (t) => {
  const logRates = [-80, -20, 0, 20, 80];
  await onEachBackend(t, () => {
    const at = (k: number) => tf.fill([1, 1, 5], k), logRate = tf.tensor2d([logRates]);
    for (const k of [0, 1, 1000]) {
      const expected = logRates.map((log) => k * log - Math.exp(log) - logGamma(k + 1));
      assertClose(poisson({ logRate }).logDensities(at(k)), expected, {
        absolute: 1e-30,
        relative: 1e-5,
      });
      const slope = tf.grad((logRate) => poisson({ logRate }).logProb(at(k)))(logRate);
      assertClose(slope, logRates.map((log) => k - Math.exp(log)), { relative: 1e-5 });
    }
  });
});
