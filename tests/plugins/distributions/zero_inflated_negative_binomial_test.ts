import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { logGamma } from "../../deps.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { assertFollowsSeed } from "../../helpers/follows_seed.ts";

const { negativeBinomial, zeroInflatedNegativeBinomial } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 3e-6, relative: 3e-6 };

/** Two distributions over three counts, with one θ for each count: B = 2, K = 3. */
const LOG_MEANS = [[0, 1, -2], [2.5, 3, -4]], LOG_THETAS = [-1, 0.5, 2];
const ZERO_LOGITS = [[0, -3, 1], [-1, 2, 0.5]];
const two = () =>
  zeroInflatedNegativeBinomial({
    logMean: tf.tensor2d(LOG_MEANS),
    logInverseDispersion: tf.tensor1d(LOG_THETAS),
    zeroLogits: tf.tensor2d(ZERO_LOGITS),
  });

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** p(k) as the formula says it, in float64. */
function pmf(k: number, logMean: number, logTheta: number, zeroLogit: number): number {
  const mean = Math.exp(logMean), theta = Math.exp(logTheta), total = theta + mean;
  const count = Math.exp(
    logGamma(k + theta) - logGamma(theta) - logGamma(k + 1) +
      theta * Math.log(theta / total) + k * Math.log(mean / total),
  );
  return sigmoid(zeroLogit) * Number(k === 0) + sigmoid(-zeroLogit) * count;
}

Deno.test("zeroInflatedNegativeBinomial() says what it is", () => {
  tf.tidy(() => {
    const { family, domain, reparameterized, batch, event, zeroLogits } = two();
    assert.deepEqual(family, "zeroInflatedNegativeBinomial");
    assert.deepEqual([domain, reparameterized], ["discrete", false]);
    assert.deepEqual([batch, event, zeroLogits.arraySync()], [2, [3], ZERO_LOGITS]);
  });
});

Deno.test("ZeroInflatedNegativeBinomial.logProb() sums over the event [S, B, K]", async (t) => {
  const values = [[[0, 0, 0], [10, 23, 1]], [[1, 5, 2], [14, 80, 0]]];
  const expected = values.flatMap((sample) =>
    sample.map((row, b) =>
      row.reduce(
        (sum, k, i) =>
          sum + Math.log(pmf(k, LOG_MEANS[b]![i]!, LOG_THETAS[i]!, ZERO_LOGITS[b]![i]!)),
        0,
      )
    )
  );
  await onEachBackend(t, () => {
    const logProb = two().logProb(tf.tensor3d(values));
    assert.deepEqual(logProb.shape, [2, 2]);
    assertClose(logProb, expected, ROUNDING);
  });
});

Deno.test("ZeroInflatedNegativeBinomial.mean and .variance are those of its sum", async (t) => {
  const moments = LOG_MEANS.flatMap((row, b) =>
    row.map((logMean, i) => {
      let first = 0, second = 0;
      for (let k = 0; k < 5000; k++) {
        const mass = pmf(k, logMean, LOG_THETAS[i]!, ZERO_LOGITS[b]![i]!);
        first += k * mass;
        second += k * k * mass;
      }
      return { mean: first, variance: second - first ** 2 };
    })
  );
  await onEachBackend(t, () => {
    const p = two();
    assertClose(p.mean, moments.map(({ mean }) => mean), ROUNDING);
    assertClose(p.variance, moments.map(({ variance }) => variance), ROUNDING);
  });
});

Deno.test("zeroInflatedNegativeBinomial() without extra zeros is negative binomial", async (t) => {
  const value = tf.tensor3d([[[0, 4, 1], [11, 0, 0]]]);
  await onEachBackend(t, () => {
    const parameters = {
      logMean: tf.tensor2d(LOG_MEANS),
      logInverseDispersion: tf.tensor1d(LOG_THETAS),
    };
    const p = zeroInflatedNegativeBinomial({ ...parameters, zeroLogits: tf.fill([2, 3], -1e4) });
    const q = negativeBinomial(parameters);
    assertClose(p.logDensities(value), q.logDensities(value), ROUNDING);
    const zeros = zeroInflatedNegativeBinomial({ ...parameters, zeroLogits: tf.fill([2, 3], 1e4) });
    assertClose(zeros.logProb(tf.zeros([1, 2, 3])), [0, 0], ROUNDING);
    assertClose(zeros.draw(seed(1), 9).value, Array(54).fill(0), ROUNDING);
  });
  value.dispose();
});

Deno.test("ZeroInflatedNegativeBinomial.draw() follows its seed, on all backends alike", (t) =>
  assertFollowsSeed(t, two, ROUNDING));

Deno.test("zeroInflatedNegativeBinomial() has the gradient of log p by ℓ", async (t) => {
  await onEachBackend(t, () => {
    const zeroLogits = tf.tensor2d([[0, 0, -2, 3]]), zero = tf.zeros([1, 4]);
    const run = (zeroLogits: tf.Tensor) =>
      zeroInflatedNegativeBinomial({ logMean: zero, logInverseDispersion: zero, zeroLogits })
        .logProb(tf.tensor3d([[[0, 2, 0, 0]]]));
    // Where k = 0, the share of zeros that are extra, π / (π + (1 − π)/2), less π.
    const expected = [0, 0, -2, 3].map((logit, i) => {
      const extra = sigmoid(logit);
      return (i === 1 ? 0 : extra / (extra + (1 - extra) / 2)) - extra;
    });
    assertClose(tf.grad(run)(zeroLogits), expected, ROUNDING);
  });
});
