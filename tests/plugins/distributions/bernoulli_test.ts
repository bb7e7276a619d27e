import assert from "node:assert/strict";
import { bernoulliPmf as pmf, fc } from "../../deps.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { bernoulli } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 2e-6, relative: 2e-6 };

/** Two distributions over three bits: B = 2, K = 3. */
const LOGITS = [[0, 1, -2], [0.5, 3, -4]];
const two = () => bernoulli({ logits: tf.tensor2d(LOGITS) });
const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

Deno.test("bernoulli() says what it is", () => {
  tf.tidy(() => {
    const { family, domain, reparameterized, batch, event, logits } = two();
    assert.deepEqual([family, domain, reparameterized], ["bernoulli", "discrete", false]);
    assert.deepEqual([batch, event, logits.arraySync()], [2, [3], LOGITS]);
  });
});

Deno.test("bernoulli() has the log-probabilities of an independent implementation", async (t) => {
  const logit = fc.float({ min: -15, max: 15, noNaN: true }), bit = fc.constantFrom(0, 1);
  const pairs = fc.array(fc.tuple(bit, logit), { minLength: 1, maxLength: 20 });
  await onEachBackend(t, () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const p = bernoulli({ logits: tf.tensor2d(rows.map(([, logit]) => [logit])) });
        const densities = p.logDensities(tf.tensor3d([rows.map(([bit]) => [bit])]));
        const expected = rows.map(([bit, logit]) => Math.log(pmf(bit, sigmoid(logit))));
        assertClose(densities, expected, ROUNDING);
      }),
      { seed: 1, numRuns: 50 },
    );
  });
});

Deno.test("Bernoulli.logProb() sums over the event, for samples [S, B, K]", async (t) => {
  const values = [[[0, 0, 0], [1, 1, 0]], [[1, 0, 1], [0, 1, 1]]];
  const expected = values.flatMap((sample) =>
    sample.map((row, b) =>
      row.reduce((sum, bit, i) => sum + Math.log(pmf(bit, sigmoid(LOGITS[b]![i]!))), 0)
    )
  );
  await onEachBackend(t, () => {
    const logProb = two().logProb(tf.tensor3d(values));
    assert.deepEqual(logProb.shape, [2, 2]);
    assertClose(logProb, expected, ROUNDING);
  });
});

Deno.test("Bernoulli.mean is the probability of 1", async (t) => {
  await onEachBackend(t, () => {
    const { mean } = two();
    assert.deepEqual(mean.shape, [2, 3]);
    assertClose(mean, LOGITS.flat().map(sigmoid), ROUNDING);
  });
});

Deno.test("Bernoulli.draw() follows its seed, and knows its own log-probability", async (t) => {
  await onEachBackend(t, () => {
    const p = two(), { value, logProb } = p.draw(seed(3), 20);
    assertClose(logProb(), p.logProb(value), ROUNDING);
    assert.deepEqual(p.draw(seed(3), 20).value.arraySync(), value.arraySync());
    assert.notDeepEqual(p.draw(seed(4), 20).value.arraySync(), value.arraySync());
    assert.deepEqual(p.draw(seed(3)).value.shape, [1, 2, 3]);
  });
});

Deno.test("bernoulli() stays finite with extreme logits, and so do its gradients", async (t) => {
  const logits = [-1e4, -100, 0, 100, 1e4];
  await onEachBackend(t, () => {
    const p = bernoulli({ logits: tf.tensor2d([logits]) });
    const at = (bit: number) => tf.fill([1, 1, 5], bit);
    assertClose(p.logDensities(at(0)), [0, 0, -Math.LN2, -100, -1e4], ROUNDING);
    assertClose(p.logDensities(at(1)), [-1e4, -100, -Math.LN2, 0, 0], ROUNDING);
    const bits = p.draw(seed(1), 10).value.unstack(2).map((bit) => bit.mean().dataSync()[0]!);
    assert.deepEqual([bits[0], bits[1], bits[3], bits[4]], [0, 0, 1, 1]);
    const gradient = tf.grad((x) => bernoulli({ logits: x }).logProb(at(1)).sum());
    assertClose(gradient(p.logits), [1, 1, 0.5, 0, 0], ROUNDING);
  });
});

Deno.test("Bernoulli.logProb() has the gradient x − p", async (t) => {
  await onEachBackend(t, () => {
    const gradient = tf.grad((logits) => bernoulli({ logits }).logProb(tf.ones([1, 1, 3])).sum());
    const expected = LOGITS.flat().map((logit) => 1 - sigmoid(logit));
    assertClose(gradient(tf.tensor2d(LOGITS)), expected, ROUNDING);
  });
});

Deno.test("bernoulli() can be asked again after the tidy block of the first question", () => {
  const p = bernoulli({ logits: tf.zeros([1, 2]) });
  const ask = (): unknown => tf.tidy(() => p.logProb(tf.ones([1, 1, 2])).arraySync());
  try {
    assert.deepEqual(ask(), ask());
  } finally {
    p.logits.dispose();
  }
});
