import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { distributions, divergences, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { powerSpherical, standardNormal, uniformSphere } = distributions;
const { powerSphericalUniformSphere } = divergences;

await useBackend({ backend: "cpu" });

/** KL and d KL / dκ as log area − entropy, with 30 digits. */
const VALUES: readonly (readonly [dimensions: number, scale: number, kl: number, slope: number])[] =
  [
    [2, 0, 0, 0],
    [2, 0.5, 0.1447298858, 0.3550659332],
    [3, 1, 0.1931471806, 0.25],
    [3, 1000, 5.90975378, 0.000998002996],
    [10, 20, 3.111797725, 0.1315304232],
    [128, 0.001, 3.983729581e-09, 7.967396015e-06],
    [128, 500, 64.40872732, 0.09001480613],
    [128, 10000, 234.7776506, 0.006231418],
  ];

Deno.test("powerSphericalUniformSphere is log area − entropy, with its gradient", async (t) => {
  await onEachBackend(t, () => {
    for (const [dimensions, scale, kl, slope] of VALUES) {
      const p = uniformSphere({ event: [dimensions] }), direction = tf.ones([1, dimensions]);
      const nats = (scale: tf.Tensor): tf.Tensor =>
        powerSphericalUniformSphere.evaluate(powerSpherical({ direction, scale }), p).nats;
      const at = tf.tensor1d([scale]);
      assert.deepEqual(nats(at).shape, [1]);
      // r(β) is 300 nats for K = 128.
      const absolute = 1e-6 * dimensions;
      assertClose(nats(at), kl, { absolute, relative: 1e-5 });
      const gradient = tf.grad((scale) => tf.sum(nats(scale)))(at);
      assertClose(gradient, slope, { absolute: 3e-6, relative: 1e-3 });
    }
  });
});

Deno.test("powerSphericalUniformSphere is 0 for the uniform distribution", async (t) => {
  await onEachBackend(t, () => {
    for (const dimensions of [2, 3, 50]) {
      const q = powerSpherical({ direction: tf.ones([2, dimensions]), scale: tf.zeros([2]) });
      const p = uniformSphere({ event: [dimensions] });
      assert.deepEqual(powerSphericalUniformSphere.evaluate(q, p).nats.arraySync(), [0, 0]);
    }
  });
});

Deno.test("powerSphericalUniformSphere is for this pair alone", () => {
  tf.tidy(() => {
    const q = powerSpherical({ direction: tf.ones([1, 3]), scale: tf.ones([1]) });
    const p = uniformSphere({ event: [3] });
    assert.notEqual(powerSphericalUniformSphere.attempt(q, p), undefined);
    assert.equal(powerSphericalUniformSphere.attempt(p, q), undefined);
    assert.equal(powerSphericalUniformSphere.attempt(q, standardNormal({ event: [3] })), undefined);
  });
});
