import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, divergences, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { denseKl, denseLogProb, gram, type Rows } from "../../helpers/dense_normal.ts";

const { isLowRankNormal, lowRankNormal, standardNormal } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };

/** Two normals over three numbers with two factors: B = 2, K = 3, R = 2. */
const MEAN = [[0, 1, -2], [0.5, 3, -3]];
const SCALE = [[1, 0.5, 2], [0.125, 3, 0.25]];
const FACTOR = [[[1, 0], [0.5, -2], [3, 1]], [[0, 0.25], [-1, 4], [2, 2]]];
const VALUES = [[[0, 0, 0], [1, 2, 3]], [[1, -1, 0.5], [0.25, -2, -1]]];

/** diag σ² + W·Wᵀ. */
function covarianceOf(scale: readonly number[], factor: Rows): number[][] {
  return gram(factor).map((row, i) => row.map((x, j) => i === j ? x + scale[i]! ** 2 : x));
}
const COVARIANCE = SCALE.map((scale, b) => covarianceOf(scale, FACTOR[b]!));

const two = () =>
  lowRankNormal({
    mean: tf.tensor2d(MEAN),
    scale: tf.tensor2d(SCALE),
    factor: tf.tensor3d(FACTOR),
  });

Deno.test("lowRankNormal() says what it is", () => {
  tf.tidy(() => {
    const q = two(), { family, domain, reparameterized, batch, event, mean } = q;
    assert.deepEqual([family, domain, reparameterized], ["lowRankNormal", "real", true]);
    assert.deepEqual([batch, event, mean.arraySync()], [2, [3], MEAN]);
    assertClose(q.variance, COVARIANCE.flatMap((rows) => rows.map((row, i) => row[i]!)), ROUNDING);
    assert.equal(isLowRankNormal(q), true);
    assert.equal(isLowRankNormal(standardNormal({ event: [3] })), false);
  });
});

Deno.test("lowRankNormal() has the log-densities of its covariance", async (t) => {
  const expected = VALUES.map((sample) =>
    sample.map((x, b) => denseLogProb(x, MEAN[b]!, COVARIANCE[b]!))
  );
  await onEachBackend(t, () => {
    const logProb = two().logProb(tf.tensor3d(VALUES));
    assert.deepEqual(logProb.shape, [2, 2]);
    assertClose(logProb, expected.flat(), ROUNDING);
  });
});

Deno.test("lowRankNormal() stays exact where the factors are large and nearly the same", async (t) => {
  const scale = [0.01, 0.01, 0.01], factor = [[100, 100.5], [100, 99.5], [-100, -100]];
  const x = [50, 51.5, -49.75], mean = [0, 0, 0];
  // Eliminated in float64: 10⁻⁴ beside 2·10⁴.
  const expected = denseLogProb(x, mean, covarianceOf(scale, factor));
  await onEachBackend(t, () => {
    const q = lowRankNormal({
      mean: tf.tensor2d([mean]),
      scale: tf.tensor2d([scale]),
      factor: tf.tensor3d([factor]),
    });
    assertClose(q.logProb(tf.tensor3d([[x]])), [expected], { relative: 1e-3 });
  });
});

Deno.test("lowRankNormal() has more factors than elements where it is asked to, and any event", () => {
  tf.tidy(() => {
    const factor = [[1, 2, 3, 4, 5], [0, 1, 0, -1, 2]], scale = [1, 0.5];
    const q = lowRankNormal({
      mean: tf.zeros([1, 2, 1]),
      scale: tf.tensor3d([[[1], [0.5]]]),
      factor: tf.tensor3d([factor]),
    });
    const expected = denseLogProb([1, -1], [0, 0], covarianceOf(scale, factor));
    assertClose(q.logProb(tf.tensor4d([[[[1], [-1]]]])), [expected], ROUNDING);
    assert.deepEqual([q.draw(seed(1), 5).value.shape, q.variance.shape], [[5, 1, 2, 1], [1, 2, 1]]);
  });
});

Deno.test("LowRankNormal.draw() knows its own log-density", async (t) => {
  await onEachBackend(t, () => {
    const q = two(), { value, logProb } = q.draw(seed(2), 50);
    assert.deepEqual(value.shape, [50, 2, 3]);
    assertClose(logProb(), q.logProb(value), { absolute: 1e-3, relative: 1e-4 });
    assert.deepEqual(q.draw(seed(2)).value.shape, [1, 2, 3]);
  });
});

Deno.test("lowRankNormalStandardNormal is the KL by the covariance, and tried by kl()", async (t) => {
  const expected = MEAN.map((mean, b) => denseKl(mean, COVARIANCE[b]!));
  await onEachBackend(t, () => {
    const posterior = two(), prior = standardNormal({ event: [3] });
    const form = divergences.lowRankNormalStandardNormal;
    assertClose(form.evaluate(posterior, prior).nats, expected, ROUNDING);
    assert.equal(form.attempt(prior, posterior), undefined);
    const context = { training: false, progress: { step: 0, epoch: 0 } };
    const draw = posterior.draw(seed(1));
    const [term] = divergences.kl().estimate({ posterior, prior, draw, seed: seed(2), context });
    assert.equal(term.estimator, "closed form");
    assertClose(term.nats, expected, ROUNDING);
  });
});

Deno.test("lowRankNormal() can be asked again after the tidy block of the first question", () => {
  const parameters = {
    mean: tf.tensor2d(MEAN),
    scale: tf.tensor2d(SCALE),
    factor: tf.tensor3d(FACTOR),
  };
  const q = lowRankNormal(parameters);
  const ask = (): unknown => tf.tidy(() => q.logProb(tf.ones([1, 1, 3])).arraySync());
  try {
    assert.deepEqual(ask(), ask());
  } finally {
    tf.dispose(parameters);
  }
});

Deno.test("lowRankNormal() refuses a factor of another shape", () => {
  tf.tidy(() => {
    const mean = tf.zeros([2, 3]), scale = tf.ones([2, 3]);
    for (const shape of [[2, 3], [1, 3, 2], [2, 2, 3]]) {
      const refusal = /'factor' must have shape \[2, 3, R\]/;
      assert.throws(() => lowRankNormal({ mean, scale, factor: tf.ones(shape) }), refusal);
    }
  });
});
