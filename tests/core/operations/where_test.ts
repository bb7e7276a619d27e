import assert from "node:assert/strict";
import { where } from "../../../core/operations/where.ts";
import { tf } from "../../../core/tf.ts";
import { onEachBackend } from "../../helpers/backends.ts";

Deno.test("where() chooses along any number of axes, as tf.where does along few", async (t) => {
  await onEachBackend(t, () => {
    const condition = tf.tensor([1, 0, 1, 0, 0, 1], [2, 3], "bool");
    const yes = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), no = tf.tensor1d([-1, -2, -3]);
    const expected = [1, -2, 3, -1, -2, 6];
    assert.deepEqual([...where(condition, yes, no).dataSync()], expected);
    const deep = [1, 2, 1, 1, 1, 3];
    const found = where(tf.reshape(condition, deep), tf.reshape(yes, deep), no);
    assert.deepEqual(found.shape, deep);
    assert.deepEqual([...found.dataSync()], expected);
    const wide = where(tf.reshape(condition, deep), tf.zeros([1, 2, 1, 2, 1, 3]), no);
    assert.deepEqual(wide.shape, [1, 2, 1, 2, 1, 3]);
    assert.deepEqual([...wide.dataSync()], [0, -2, 0, 0, -2, 0, -1, -2, 0, -1, -2, 0]);
  });
});

Deno.test("where() asks webgl and webgpu for no more axes than they have", () => {
  tf.tidy(() => {
    const engine = tf.engine(), { runKernel } = engine, ranks: number[] = [];
    engine.runKernel = ((...call: Parameters<typeof runKernel>) => {
      if (call[0] === "Select") ranks.push((call[1] as { t: tf.Tensor }).t.rank);
      return runKernel.apply(engine, call);
    }) as typeof runKernel;
    try {
      const x = tf.ones([2, 1, 3, 1, 2]);
      const all = tf.onesLike(x).cast("bool");
      const slope = tf.grad((x) => tf.sum(where(all, tf.mul(x, 3), tf.zerosLike(x))));
      assert.deepEqual([...slope(x).dataSync()], Array(12).fill(3));
    } finally {
      engine.runKernel = runKernel;
    }
    assert(ranks.length > 0 && ranks.every((rank) => rank <= 4), `ranks ${ranks}`);
  });
});
