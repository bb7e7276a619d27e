import assert from "node:assert/strict";
import { fc, normalLogpdf as logpdf } from "../../deps.ts";
import { tf } from "../../../core/deps.ts";
import { normalNoise, seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { bernoulli, isNormal, normal, positiveScale } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };

/** Two normals over three numbers: B = 2, K = 3. */
const MEAN = [[0, 1, -2], [0.5, 3, -30]], SCALE = [[1, 0.5, 2], [0.125, 10, 4]];
const two = () => normal({ mean: tf.tensor2d(MEAN), scale: tf.tensor2d(SCALE) });

Deno.test("normal() says what it is", () => {
  tf.tidy(() => {
    const { family, domain, reparameterized, batch, event, mean, scale } = two();
    assert.deepEqual([family, domain, reparameterized], ["normal", "real", true]);
    assert.deepEqual([batch, event], [2, [3]]);
    assert.deepEqual([mean.arraySync(), scale.arraySync()], [MEAN, SCALE]);
  });
});

Deno.test("normal() has the log-densities of an independent implementation", async (t) => {
  const number = fc.float({ min: -50, max: 50, noNaN: true });
  const positive = fc.float({ min: Math.fround(1e-3), max: 1000, noNaN: true });
  const triples = fc.array(fc.tuple(number, number, positive), { minLength: 1, maxLength: 20 });
  await onEachBackend(t, () => {
    fc.assert(
      fc.property(triples, (rows) => {
        const column = (i: 0 | 1 | 2) => tf.tensor2d(rows.map((row) => [row[i]]));
        const q = normal({ mean: column(1), scale: column(2) });
        const densities = q.logDensities(column(0).expandDims(0));
        assertClose(densities, rows.map(([x, mean, scale]) => logpdf(x, mean, scale)), ROUNDING);
      }),
      { seed: 1, numRuns: 50 },
    );
  });
});

Deno.test("Normal.logProb() sums the log-densities over the event, for samples [S, B, K]", async (t) => {
  const values = [[[0, 0, 0], [1, 2, 3]], [[1, -1, 5], [0.25, -9, -31]]];
  const density = (x: number, row: number, i: number): number =>
    logpdf(x, MEAN[row]![i]!, SCALE[row]![i]!);
  const expected = values.map((sample) =>
    sample.map((row, b) => row.map((x, i) => density(x, b, i)).reduce((sum, nats) => sum + nats))
  );
  await onEachBackend(t, () => {
    const logProb = two().logProb(tf.tensor3d(values));
    assert.deepEqual(logProb.shape, [2, 2]);
    assertClose(logProb, expected.flat(), ROUNDING);
  });
});

Deno.test("normal() broadcasts a scale to the shape of the mean", () => {
  tf.tidy(() => {
    for (const shape of [[], [1], [3], [1, 3]]) {
      const q = normal({ mean: tf.tensor2d(MEAN), scale: tf.fill(shape, 2) });
      const { value, logProb } = q.draw(seed(1), 4), x = tf.ones([1, 1, 3]);
      assert.deepEqual([value.shape, logProb().shape], [[4, 2, 3], [4, 2]]);
      const expected = MEAN.flat().map((mean) => logpdf(1, mean, 2));
      assertClose(q.logDensities(x), expected, ROUNDING);
    }
  });
});

Deno.test("Normal.draw() is μ + σε, one sample unless told, with its own log-density", async (t) => {
  await onEachBackend(t, () => {
    const q = two(), { value, logProb } = q.draw(seed(2), 50);
    assert.deepEqual(value.shape, [50, 2, 3]);
    const noise = normalNoise(seed(2), [50, 2, 3]);
    assertClose(value, noise.mul(q.scale).add(q.mean), ROUNDING);
    assertClose(logProb(), q.logProb(value), { absolute: 1e-3, relative: 1e-4 });
    assert.deepEqual(q.draw(seed(2)).value.shape, [1, 2, 3]);
  });
});

Deno.test("Normal.draw() passes gradients on to mean and raw scale", async (t) => {
  const raw = [[0, 1, -1], [2, -3, 0.5]];
  await onEachBackend(t, () => {
    const gradients = tf.grads((mean, rawScale) =>
      normal({ mean: mean!, rawScale: rawScale! }).draw(seed(4), 7).value.sum()
    );
    const [byMean, byRawScale] = gradients([tf.tensor2d(MEAN), tf.tensor2d(raw)]);
    assertClose(byMean!, Array(6).fill(7), ROUNDING);
    const noise = normalNoise(seed(4), [7, 2, 3]).sum(0);
    assertClose(byRawScale!, noise.mul(tf.sigmoid(tf.tensor2d(raw))), ROUNDING);
  });
});

Deno.test("Normal.logProb() has the gradients (x − μ)/σ² and ((x − μ)² − σ²)/σ³", async (t) => {
  const offset = (i: number): number => 1 - MEAN.flat()[i]!;
  const scales = SCALE.flat();
  await onEachBackend(t, () => {
    const gradients = tf.grads((mean, scale) =>
      normal({ mean: mean!, scale: scale! }).logProb(tf.ones([1, 1, 3])).sum()
    );
    const [byMean, byScale] = gradients([tf.tensor2d(MEAN), tf.tensor2d(SCALE)]);
    assertClose(byMean!, scales.map((scale, i) => offset(i) / scale ** 2), ROUNDING);
    const expected = scales.map((scale, i) => (offset(i) ** 2 - scale ** 2) / scale ** 3);
    assertClose(byScale!, expected, ROUNDING);
  });
});

Deno.test("normal() stays finite and positive with extreme raw scales", async (t) => {
  await onEachBackend(t, () => {
    const raw = tf.tensor2d([[-1e4, -100, 0, 100, 1e4]]);
    const q = normal({ mean: tf.zeros([1, 5]), rawScale: raw });
    assertClose(q.scale, [1e-6, 1e-6, Math.LN2, 100, 1e4], { relative: 1e-5 });
    for (const x of [0, 1, -1e4]) {
      const values = tf.fill([1, 1, 5], x);
      const expected = [...q.scale.dataSync()].map((scale) => logpdf(x, 0, scale));
      assertClose(q.logDensities(values), expected, ROUNDING);
      const gradient = tf.grad((rawScale) =>
        normal({ mean: tf.zeros([1, 5]), rawScale }).logProb(values).sum()
      )(raw);
      assert(gradient.dataSync().every(Number.isFinite), `gradient at ${x}: ${gradient}`);
    }
    assert(q.draw(seed(1), 3).value.dataSync().every(Number.isFinite));
  });
});

Deno.test("positiveScale() is softplus + 10⁻⁶", () => {
  tf.tidy(() => {
    const raw = [-20, -1, 0, 1, 20];
    const expected = raw.map((x) => Math.log1p(Math.exp(x)) + 1e-6);
    assertClose(positiveScale(tf.tensor1d(raw)), expected, ROUNDING);
  });
});

Deno.test("normal() can be asked again after the tidy block of the first question", () => {
  const rawScale = tf.zeros([1, 2]), q = normal({ mean: tf.zeros([1, 2]), rawScale });
  const ask = (): unknown => tf.tidy(() => q.logProb(tf.ones([1, 1, 2])).arraySync());
  try {
    assert.deepEqual(ask(), ask());
  } finally {
    tf.dispose([q.mean, rawScale]);
  }
});

Deno.test("isNormal() tells normals from others by their family", () => {
  tf.tidy(() => {
    assert.equal(isNormal(two()), true);
    assert.equal(isNormal(bernoulli({ logits: tf.zeros([1, 2]) })), false);
  });
});
