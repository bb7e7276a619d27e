import assert from "node:assert/strict";
import { normalCdf as cdf, normalLogpdf as logpdf } from "../../deps.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import {
  assertWithin,
  kolmogorov,
  KOLMOGOROV_BOUND,
  mean,
  moment,
  NORMAL_BOUND,
} from "../../helpers/statistics.ts";

const { bernoulli, isNormal, isStandardNormal, normal, standardNormal } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-6, relative: 1e-6 };

Deno.test("standardNormal() is one normal of mean 0 and scale 1, whatever the event", () => {
  tf.tidy(() => {
    for (const event of [[], [3], [2, 3]]) {
      const p = standardNormal({ event }), size = event.reduce((a, b) => a * b, 1);
      assert.deepEqual([p.family, p.domain, p.reparameterized], ["normal", "real", true]);
      assert.deepEqual([p.batch, p.event, p.standard], [1, event, true]);
      assert.deepEqual([...p.mean.dataSync()], Array(size).fill(0));
      assert.deepEqual([...p.scale.dataSync()], Array(size).fill(1));
    }
  });
});

Deno.test("StandardNormal.logProb() is that of an independent implementation", async (t) => {
  const values = [[[0, 1], [-2, 0.5]], [[4, -4], [10, 30]], [[1, 2], [3, 4]]];
  await onEachBackend(t, () => {
    const p = standardNormal({ event: [2] }), x = tf.tensor3d(values);
    const densities = values.flat(2).map((x) => logpdf(x, 0, 1));
    assertClose(p.logDensities(x), densities, ROUNDING);
    const nats = values.flat().map(([a, b]) => logpdf(a!, 0, 1) + logpdf(b!, 0, 1));
    assert.deepEqual(p.logProb(x).shape, [3, 2]);
    assertClose(p.logProb(x), nats, ROUNDING);
  });
});

Deno.test("StandardNormal.logProb() broadcasts over samples and batch", () => {
  tf.tidy(() => {
    const shapes = [[[], [4, 5]], [[2], [4, 5, 2]], [[2, 3], [4, 5, 2, 3]]] as const;
    for (const [event, shape] of shapes) {
      const logProb = standardNormal({ event }).logProb(tf.zeros([...shape]));
      assert.deepEqual(logProb.shape, [4, 5]);
    }
  });
});

Deno.test("StandardNormal.draw() is standard normal, with its own log-density", () => {
  tf.tidy(() => {
    const p = standardNormal({ event: [2] }), { value, logProb } = p.draw(seed(1), 20_000);
    assert.deepEqual([value.shape, logProb().shape], [[20_000, 1, 2], [20_000, 1]]);
    assertClose(logProb(), p.logProb(value), { absolute: 1e-5 });
    const numbers = value.dataSync(), n = numbers.length;
    assertWithin(NORMAL_BOUND, mean(numbers) * Math.sqrt(n), "mean");
    assertWithin(NORMAL_BOUND, (moment(numbers, 2) - 1) * Math.sqrt(n / 2), "variance");
    assertWithin(KOLMOGOROV_BOUND, kolmogorov(numbers, cdf.factory(0, 1)), "Kolmogorov–Smirnov");
    assert.deepEqual(p.draw(seed(1)).value.shape, [1, 1, 2]);
    assert.deepEqual(p.draw(seed(1), 3).value.arraySync(), p.draw(seed(1), 3).value.arraySync());
  });
});

Deno.test("isStandardNormal() tells it from a normal of mean 0 and scale 1", () => {
  tf.tidy(() => {
    const standard = standardNormal({ event: [2] });
    const alike = normal({ mean: tf.zeros([1, 2]), scale: tf.ones([1, 2]) });
    const other = { ...bernoulli({ logits: tf.zeros([1, 2]) }), standard: true };
    assert.deepEqual([standard, alike, other].map(isStandardNormal), [true, false, false]);
    assert.deepEqual([standard, alike, other].map(isNormal), [true, true, false]);
  });
});
