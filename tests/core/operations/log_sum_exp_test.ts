import { tf } from "../../../core/deps.ts";
import { logSumExp } from "../../../core/operations/log_sum_exp.ts";
import { type Tensor, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };

Deno.test("logSumExp() and its derivatives are those of TensorFlow.js", async (t) => {
  await onEachBackend(t, () => {
    const x = tf.tensor3d([[[0, 1, -2], [3, 3, 3]], [[-1, 0.5, 2], [4, -4, 0]]]);
    const theirs = (x: Tensor): Tensor => tf.logSumExp(x, -1);
    const weigh = (f: (x: Tensor) => Tensor) => (x: Tensor): Tensor =>
      tf.sum(tf.mul(f(x), tf.tensor2d([[1, 2], [3, 4]])));
    assertClose(logSumExp(x), theirs(x), ROUNDING);
    const slopes = tf.grad(weigh(logSumExp)), expected = tf.grad(weigh(theirs));
    assertClose(slopes(x), expected(x), ROUNDING);
    const second = tf.grad((x) => tf.sum(tf.square(slopes(x))));
    // Σ (w p)² by x_j: 2 w² p_j (p_j − Σ p²).
    const p = tf.softmax(x), weights = tf.tensor3d([[[1], [2]], [[3], [4]]]);
    const spread = tf.sub(p, tf.sum(tf.square(p), -1, true));
    assertClose(second(x), tf.mul(tf.mul(2, tf.square(weights)), tf.mul(p, spread)), ROUNDING);
  });
});

Deno.test("logSumExp() stays finite at extremes, and so does its gradient", async (t) => {
  await onEachBackend(t, () => {
    const x = tf.tensor2d([[-1e30, 1e30], [-1e30, -1e30], [-Infinity, 0]]);
    assertClose(logSumExp(x), [1e30, -1e30, 0], ROUNDING);
    const slopes = tf.grad((x) => logSumExp(x).sum())(x);
    assertClose(slopes, [0, 1, 0.5, 0.5, 0, 1], ROUNDING);
  });
});
