import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { isUniformSphere, standardNormal, uniformSphere } = distributions;

await useBackend({ backend: "cpu" });

/** The area of the sphere in ℝᴷ: two points, a circle, and so on. */
const AREAS: readonly (readonly [dimensions: number, area: number])[] = [
  [1, 2],
  [2, 2 * Math.PI],
  [3, 4 * Math.PI],
  [4, 2 * Math.PI ** 2],
  [5, 8 / 3 * Math.PI ** 2],
  [6, Math.PI ** 3],
  [9, 32 / 105 * Math.PI ** 4],
];

Deno.test("uniformSphere() says what it is", () => {
  tf.tidy(() => {
    const sphere = uniformSphere({ event: [2, 3] });
    const { family, domain, reparameterized, batch, event, mean, variance } = sphere;
    assert.deepEqual([family, domain, reparameterized], ["uniformSphere", "sphere", true]);
    assert.deepEqual([batch, event], [1, [2, 3]]);
    assert.deepEqual([mean.shape, variance.shape], [[1, 2, 3], [1, 2, 3]]);
    assertClose(mean, Array(6).fill(0), {});
    assertClose(variance, Array(6).fill(1 / 6), { relative: 1e-6 });
    assert.equal(isUniformSphere(sphere), true);
    assert.equal(isUniformSphere(standardNormal({ event: [3] })), false);
  });
});

Deno.test("UniformSphere.logProb() is minus the logarithm of the area", async (t) => {
  await onEachBackend(t, () => {
    for (const [dimensions, area] of AREAS) {
      const value = tf.div(tf.ones([2, 5, dimensions]), Math.sqrt(dimensions));
      const logProb = uniformSphere({ event: [dimensions] }).logProb(value);
      assert.deepEqual(logProb.shape, [2, 5]);
      assertClose(logProb, Array(10).fill(-Math.log(area)), { relative: 1e-6, absolute: 1e-6 });
    }
  });
});

Deno.test("UniformSphere.draw() has length 1 and the moments of the sphere", async (t) => {
  await onEachBackend(t, () => {
    for (const dimensions of [1, 2, 3, 40]) {
      const { value, logProb } = uniformSphere({ event: [dimensions] }).draw(seed(3), 2000);
      assert.deepEqual([value.shape, logProb().shape], [[2000, 1, dimensions], [2000, 1]]);
      assertClose(tf.sum(tf.square(value), -1), Array(2000).fill(1), { absolute: 1e-5 });
      const error = 6 / Math.sqrt(2000 * dimensions);
      assertClose(tf.mean(value, 0), Array(dimensions).fill(0), { absolute: error });
      const squares = Array(dimensions).fill(1 / dimensions);
      assertClose(tf.mean(tf.square(value), 0), squares, { absolute: 9 / dimensions / 44 });
    }
  });
});
