import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { assertWithin, NORMAL_BOUND } from "../../helpers/statistics.ts";

const { bernoulli, categorical, isCategorical } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 2e-6, relative: 2e-6 };

/** B = 2, an event of two codes, C = 3. */
const LOGITS = [[[0, 1, -2], [3, 3, 0]], [[0.5, -1, -4], [0, 0, 10]]];
const two = () => categorical({ logits: tf.tensor3d(LOGITS) });

/** log softmax, in float64. */
function logSoftmax(logits: readonly number[]): number[] {
  const sum = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((logit) => logit - Math.log(sum));
}

Deno.test("categorical() says what it is, and has no mean", () => {
  tf.tidy(() => {
    const p = two();
    assert.deepEqual([p.family, p.domain, p.reparameterized], ["categorical", "discrete", false]);
    assert.deepEqual([p.batch, p.event, p.logits.shape], [2, [2], [2, 2, 3]]);
    assert(!("mean" in p));
    const expected = LOGITS.flat().flatMap(logSoftmax).map(Math.exp);
    assert.deepEqual(p.probabilities.shape, [2, 2, 3]);
    assertClose(p.probabilities, expected, ROUNDING);
  });
});

Deno.test("Categorical.logProb() sums log softmax(ℓ)ₓ over the event", async (t) => {
  const codes = [[[0, 1], [2, 2]], [[2, 0], [1, 0]], [[1, 2], [0, 1]]];
  await onEachBackend(t, () => {
    const p = two(), value = tf.tensor3d(codes);
    const expected = codes.flatMap((sample) =>
      sample.flatMap((row, b) => row.map((code, i) => logSoftmax(LOGITS[b]![i]!)[code]!))
    );
    const densities = p.logDensities(value);
    assert.deepEqual(densities.shape, [3, 2, 2]);
    assertClose(densities, expected, ROUNDING);
    const sums = Array.from({ length: 6 }, (_, i) => expected[2 * i]! + expected[2 * i + 1]!);
    assert.deepEqual(p.logProb(value).shape, [3, 2]);
    assertClose(p.logProb(value), sums, ROUNDING);
  });
});

Deno.test("categorical() takes scalar events, and pictures of several axes", async (t) => {
  await onEachBackend(t, () => {
    const scalar = categorical({ logits: tf.tensor2d([[0, 1, -2]]) });
    assert.deepEqual([scalar.event, scalar.draw(seed(1), 4).value.shape], [[], [4, 1]]);
    assertClose(scalar.logProb(tf.tensor2d([[1], [2]])), logSoftmax([0, 1, -2]).slice(1), ROUNDING);
    const picture = categorical({ logits: tf.zeros([2, 3, 4, 2, 5]) });
    assert.deepEqual(picture.event, [3, 4, 2]);
    const { value, logProb } = picture.draw(seed(1), 3);
    assert.deepEqual([value.shape, logProb().shape], [[3, 2, 3, 4, 2], [3, 2]]);
    assertClose(logProb(), Array(6).fill(-24 * Math.log(5)), ROUNDING);
  });
});

Deno.test("Categorical.logProb() is −∞ of what is no code of a class", async (t) => {
  await onEachBackend(t, () => {
    const p = categorical({ logits: tf.zeros([1, 3]) });
    for (const value of [3, 7, -1, 0.5]) {
      assert.deepEqual([...p.logProb(tf.tensor2d([[value]])).dataSync()], [-Infinity]);
    }
  });
});

Deno.test("Categorical.draw() draws every class as often as it is probable", async (t) => {
  const samples = 20_000;
  await onEachBackend(t, () => {
    const { value } = two().draw(seed(5), samples);
    LOGITS.flat().forEach((logits, i) => {
      const codes = tf.slice(tf.reshape(value, [samples, 4]), [0, i], [-1, 1]).dataSync();
      logSoftmax(logits).map(Math.exp).forEach((probability, code) => {
        const count = codes.filter((other) => other === code).length;
        const spread = Math.sqrt(samples * probability * (1 - probability));
        if (spread < 1) return assert(Math.abs(count - samples * probability) < 20);
        assertWithin(NORMAL_BOUND, (count - samples * probability) / spread, `code ${code}`);
      });
    });
  });
});

Deno.test("Categorical.logProb() has the gradient 1{c = x} − softmax(ℓ)_c", async (t) => {
  await onEachBackend(t, () => {
    const value = tf.tensor3d([[[0, 1], [2, 2]]]), codes = [0, 1, 2, 2];
    const gradient = tf.grad((logits) => categorical({ logits }).logProb(value).sum());
    const expected = LOGITS.flat().flatMap((logits, i) =>
      logSoftmax(logits).map((log, code) => Number(code === codes[i]) - Math.exp(log))
    );
    assertClose(gradient(tf.tensor3d(LOGITS)), expected, ROUNDING);
  });
});

Deno.test("categorical() stays finite with extreme logits, and so do its gradients", async (t) => {
  await onEachBackend(t, () => {
    const logits = tf.tensor2d([[1e4, -1e4, 0]]), at = (code: number) => tf.tensor2d([[code]]);
    const p = categorical({ logits });
    assertClose(p.logProb(at(0)), [0], ROUNDING);
    assertClose(p.logProb(at(1)), [-2e4], ROUNDING);
    assert.deepEqual([...p.draw(seed(1), 5).value.dataSync()], [0, 0, 0, 0, 0]);
    const gradient = tf.grad((x) => categorical({ logits: x }).logProb(at(1)).sum());
    assertClose(gradient(logits), [-1, 1, 0], ROUNDING);
  });
});

Deno.test("isCategorical() tells categories from others by their family", () => {
  tf.tidy(() => {
    assert.deepEqual(
      [two(), bernoulli({ logits: tf.zeros([1, 3]) })].map(isCategorical),
      [true, false],
    );
  });
});
