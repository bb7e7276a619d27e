import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { dense } from "../../../core/operations/dense.ts";
import type { Tensor } from "../../../core/types.ts";
import { useBackend } from "../../../mod.ts";

Deno.test("what a gradient reads outlives its inputs, and ends with the tape", async () => {
  await useBackend({ backend: "wasm", threads: 1 });
  const x = tf.tensor2d([[1, 2], [3, -4]]);
  const kernel = tf.tensor2d([[1, -1], [1, 1]]), bias = tf.tensor1d([0, 0.5]);
  const before = tf.memory();
  const gradients = tf.grads((x: Tensor, kernel: Tensor, bias: Tensor) => {
    const inner = tf.tidy(() => {
      const doubled = tf.mul(x, 2);
      const y = dense(doubled, { kernel, bias, activation: "relu" });
      doubled.dispose();
      return tf.square(y);
    });
    return tf.sum(inner);
  })([x, kernel, bias]);
  // y = max(2x·W + b, 0) = [[6, 2.5], [0, 0]]; the gradient by 2x·W + b is 2y.
  assert.deepEqual(gradients.map((gradient) => gradient.arraySync()), [
    [[14, 34], [0, 0]],
    [[24, 10], [48, 20]],
    [12, 5],
  ]);
  tf.dispose(gradients);
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  assert.deepEqual(
    { numTensors, numDataBuffers, numBytes },
    {
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
      numBytes: before.numBytes,
    },
  );
  tf.dispose([x, kernel, bias]);
});

Deno.test("what runs within the forward pass of another operation is not on the tape", async () => {
  await useBackend({ backend: "wasm", threads: 1 });
  const x = tf.tensor2d([[1, 2]]), kernel = tf.tensor2d([[1], [1]]), bias = tf.tensor1d([0]);
  const before = tf.memory().numTensors;
  const sum = tf.customGrad((given) => ({
    value: dense(given as Tensor, { kernel, bias }),
    gradFunc: (upstream: Tensor) => tf.mul(upstream, [[3, 4]]),
  }));
  const gradient = tf.grad((x: Tensor) => sum(x))(x);
  assert.deepEqual(gradient.arraySync(), [[3, 4]]);
  gradient.dispose();
  assert.equal(tf.memory().numTensors, before);
  tf.dispose([x, kernel, bias]);
});
