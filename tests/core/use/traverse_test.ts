import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { type Tensor, traverse } from "../../../mod.ts";
import { onEachBackend } from "../../helpers/backends.ts";

Deno.test("traverse() changes one element at a time, and no other", (t) =>
  onEachBackend(t, () => {
    const latents = tf.tensor2d([[0.5, 7, -1], [9, 8, 6]]);
    const path = traverse(latents, { dimensions: [2, 0], from: -1, to: 1, steps: 3 });
    assert.deepEqual(path.arraySync(), [
      ...[[0.5, 7, -1], [0.5, 7, 0], [0.5, 7, 1]],
      ...[[-1, 7, -1], [0, 7, -1], [1, 7, -1]],
      ...[[9, 8, -1], [9, 8, 0], [9, 8, 1]],
      ...[[-1, 8, 6], [0, 8, 6], [1, 8, 6]],
    ]);
  }));

Deno.test("traverse() goes through all elements from −3 to 3 unless told", () => {
  tf.tidy(() => {
    const path = traverse(tf.zeros([1, 2, 2]));
    assert.deepEqual(path.shape, [28, 2, 2]);
    const first = tf.slice(path, [0, 0, 0], [7, 1, 1]).flatten();
    assert.deepEqual(first.arraySync(), [-3, -2, -1, 0, 1, 2, 3]);
    const one = traverse(tf.zeros([1, 2]), { steps: 1, dimensions: [1], from: 2 });
    assert.deepEqual(one.arraySync(), [[0, 2]]);
  });
});

Deno.test("traverse() refuses what does not fit", () => {
  const latents = tf.zeros([1, 2]);
  for (const dimensions of [[2], [-1], [0.5]]) {
    assert.throws(
      () => traverse(latents, { dimensions }),
      {
        message:
          `Cannot traverse as 'dimensions' must be some of 0 … 1: current value is ${dimensions}`,
      },
    );
  }
  assert.throws(() => traverse(latents, { dimensions: [] }), /must be some of 0 … 1/);
  assert.throws(() => traverse(latents, { steps: 0 }), /'steps' must be a positive integer/);
  assert.throws(() => traverse(latents, { to: Infinity }), /'to' must be a finite number/);
  assert.throws(() => traverse(latents, { from: NaN }), /'from' must be a finite number/);
  assert.throws(
    () => traverse(tf.zeros([2])),
    /Cannot traverse as 'latents' must be a tensor \[B, …K\]: current value is \[2\]/,
  );
  assert.throws(() => traverse(null as unknown as Tensor), TypeError);
});
