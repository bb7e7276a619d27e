import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { normalNoise, seed } from "../../../core/random.ts";
import { distributions, divergences, useBackend } from "../../../mod.ts";
import { belowDiagonal, solveLower } from "../../../plugins/distributions/_triangular.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { denseKl, denseLogProb, gram } from "../../helpers/dense_normal.ts";

const { isMultivariateNormal, multivariateNormal, standardNormal } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };

/** Two normals over three numbers: B = 2, K = 3. */
const MEAN = [[0, 1, -2], [0.5, 3, -3]];
const CHOLESKY = [
  [[1, 0, 0], [0.5, 2, 0], [-1, 0.25, 0.5]],
  [[0.125, 0, 0], [3, 1, 0], [2, -4, 8]],
];
const VALUES = [[[0, 0, 0], [1, 2, 3]], [[1, -1, 0.5], [0.25, -2, -1]]];
const two = () => multivariateNormal({ mean: tf.tensor2d(MEAN), cholesky: tf.tensor3d(CHOLESKY) });

Deno.test("multivariateNormal() says what it is", () => {
  tf.tidy(() => {
    const q = two(), { family, domain, reparameterized, batch, event, mean, diagonal } = q;
    assert.deepEqual([family, domain, reparameterized], ["multivariateNormal", "real", true]);
    assert.deepEqual([batch, event, mean.arraySync()], [2, [3], MEAN]);
    assert.deepEqual(diagonal.arraySync(), [[1, 2, 0.5], [0.125, 1, 8]]);
    assertClose(q.variance, [1, 4.25, 1.3125, 0.015625, 10, 84], ROUNDING);
    assert.equal(isMultivariateNormal(q), true);
    assert.equal(isMultivariateNormal(standardNormal({ event: [3] })), false);
  });
});

Deno.test("multivariateNormal() has the log-densities of its covariance", async (t) => {
  const expected = VALUES.map((sample) =>
    sample.map((x, b) => denseLogProb(x, MEAN[b]!, gram(CHOLESKY[b]!)))
  );
  await onEachBackend(t, () => {
    const logProb = two().logProb(tf.tensor3d(VALUES));
    assert.deepEqual(logProb.shape, [2, 2]);
    assertClose(logProb, expected.flat(), ROUNDING);
  });
});

Deno.test("multivariateNormal() takes events of any shape, element after element", () => {
  tf.tidy(() => {
    const mean = tf.tensor3d([[[1, 2], [3, 4]]]);
    const cholesky = tf.linalg.bandPart(tf.add(tf.ones([1, 4, 4]), tf.eye(4)), -1, 0);
    const q = multivariateNormal({ mean, cholesky }), x = tf.tensor4d([[[[0, 1], [5, 2]]]]);
    const rows = cholesky.arraySync() as number[][][];
    const expected = denseLogProb([0, 1, 5, 2], [1, 2, 3, 4], gram(rows[0]!));
    assertClose(q.logProb(x), [expected], ROUNDING);
    assert.deepEqual([q.draw(seed(1), 5).value.shape, q.variance.shape], [[5, 1, 2, 2], [1, 2, 2]]);
  });
});

Deno.test("MultivariateNormal.draw() is μ + L·ε, with its own log-density", async (t) => {
  await onEachBackend(t, () => {
    const q = two(), { value, logProb } = q.draw(seed(2), 4);
    const noise = normalNoise(seed(2), [4, 2, 3]).arraySync() as number[][][];
    const expected = noise.flatMap((sample) =>
      sample.flatMap((row, b) =>
        CHOLESKY[b]!.map((l, i) => row.reduce((sum, e, j) => sum + l[j]! * e, MEAN[b]![i]!))
      )
    );
    assertClose(value, expected, ROUNDING);
    assertClose(logProb(), q.logProb(value), { absolute: 1e-3, relative: 1e-4 });
    assert.deepEqual(q.draw(seed(2)).value.shape, [1, 2, 3]);
  });
});

Deno.test("multivariateNormalStandardNormal is the KL by the covariance, and tried by kl()", async (t) => {
  const expected = MEAN.map((mean, b) => denseKl(mean, gram(CHOLESKY[b]!)));
  await onEachBackend(t, () => {
    const posterior = two(), prior = standardNormal({ event: [3] });
    const form = divergences.multivariateNormalStandardNormal;
    assertClose(form.evaluate(posterior, prior).nats, expected, ROUNDING);
    assert.equal(form.attempt(prior, posterior), undefined);
    const context = { training: false, progress: { step: 0, epoch: 0 } };
    const draw = posterior.draw(seed(1));
    const given = { posterior, prior, draw, seed: seed(2), context };
    const [term] = divergences.kl().estimate(given);
    assert.equal(term.estimator, "closed form");
    assertClose(term.nats, expected, ROUNDING);
  });
});

Deno.test("multivariateNormal() refuses a factor of another shape", () => {
  tf.tidy(() => {
    const mean = tf.zeros([2, 3]), cholesky = tf.ones([2, 3]);
    const refusal = /'cholesky' must have shape \[2, 3, 3\]: current value is \[2, 3\]/;
    assert.throws(() => multivariateNormal({ mean, cholesky }), refusal);
  });
});

Deno.test("solveLower() solves systems of twenty equations, and reads nothing above the diagonal", async (t) => {
  const size = 20;
  await onEachBackend(t, () => {
    const noise = normalNoise(seed(3), [2, size, size]);
    const lower = tf.add(tf.mul(noise, 0.3), tf.mul(tf.eye(size), 2));
    const x = normalNoise(seed(4), [5, 2, size]);
    const triangle = tf.linalg.bandPart(lower, -1, 0);
    const b = tf.sum(tf.mul(triangle, tf.expandDims(x, 2)), 3);
    assertClose(solveLower(lower, b), x.dataSync(), { absolute: 1e-3 });
  });
});

Deno.test("belowDiagonal() puts every number at one place of its own", async (t) => {
  await onEachBackend(t, () => {
    for (const size of [2, 3, 4, 7]) {
      const count = size * (size - 1) / 2, packed = tf.add(tf.range(0, count), 1);
      const gradient = tf.grad((x) => tf.sum(belowDiagonal(tf.expandDims(x, 0), size)))(packed);
      assertClose(gradient, Array(count).fill(1), ROUNDING);
      const [matrix] = belowDiagonal(tf.expandDims(packed, 0), size).arraySync() as number[][][];
      const seen = matrix!.flatMap((row, i) => row.filter((x, j) => (x !== 0) === (j < i) && x));
      assert.equal(new Set(seen).size, count);
    }
  });
});
