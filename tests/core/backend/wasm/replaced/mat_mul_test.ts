import assert from "node:assert/strict";
import { tf } from "../../../../../core/deps.ts";
import { seed, uniformNoise, useBackend } from "../../../../../mod.ts";
import { assertClose } from "../../../../helpers/assert_close.ts";

Deno.test("a product on wasm is the same whichever operand is transposed", async () => {
  await useBackend({ backend: "wasm" });
  const before = tf.memory().numTensors;
  const batches = [[], [3]];
  for (const batch of batches) {
    for (
      const [m, k, n] of [
        [1, 1, 1],
        [5, 7, 3],
        [32, 20, 65],
      ] as const
    ) {
      tf.tidy(() => {
        const a = uniformNoise(seed(1), [...batch, m, k]),
          b = uniformNoise(seed(2), [...batch, k, n]);
        const axes = batch.length === 0 ? [1, 0] : [0, 2, 1];
        const aT = tf.transpose(a, axes),
          bT = tf.transpose(b, axes);
        // Summed by hand, so that no kernel of the backend is its own witness.
        const expected = tf.sum(tf.mul(tf.expandDims(a, -1), tf.expandDims(b, -3)), -2).dataSync();
        for (
          const [left, tLeft] of [
            [a, false],
            [aT, true],
          ] as const
        ) {
          for (
            const [right, tRight] of [
              [b, false],
              [bT, true],
            ] as const
          ) {
            const product = tf.matMul(left, right, tLeft, tRight);
            assert.deepEqual(product.shape, [...batch, m, n]);
            assertClose(product.dataSync(), expected, { relative: 1e-5, absolute: 1e-5 });
          }
        }
      });
    }
  }
  assert.equal(tf.memory().numTensors, before);
  await useBackend({ backend: "cpu" });
});

Deno.test("a product on wasm sees the new weights after an assignment", async () => {
  await useBackend({ backend: "wasm" });
  const weights = tf.variable(tf.ones([4, 4])),
    x = tf.ones([4, 4]);
  const total = (): number => tf.tidy(() => tf.matMul(x, weights).sum().dataSync()[0]!);
  assert.equal(total(), 64);
  tf.tidy(() => weights.assign(tf.fill([4, 4], 2)));
  assert.equal(total(), 128);
  tf.dispose([weights, x]);
  await useBackend({ backend: "cpu" });
});
