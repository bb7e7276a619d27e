import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { isLogisticNormal, logisticNormal, standardNormal } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };

const X = [[0.2, 0.3, 0.5], [0.98, 0.01, 0.01], [1 / 3, 1 / 3, 1 / 3], [0.001, 0.9, 0.099]];

/**
 * The log-density of x with y = N(0, σ²) by additive log-ratios z = log xᵢ/x₃, whose covariance is
 * then σ²·(2 1; 1 2).
 */
function additive([a, b, c]: readonly number[], scale: number): number {
  const u = Math.log(a! / c!), v = Math.log(b! / c!);
  const quadratic = (2 * u * u - 2 * u * v + 2 * v * v) / (3 * scale ** 2);
  const logDeterminant = Math.log(3) + 4 * Math.log(scale);
  return -0.5 * (quadratic + logDeterminant) - Math.log(2 * Math.PI) - Math.log(a! * b! * c!);
}

Deno.test("logisticNormal() says what it is", () => {
  tf.tidy(() => {
    const q = logisticNormal({ location: tf.zeros([4, 2]), scale: tf.scalar(2) });
    const { family, domain, reparameterized, batch, event } = q;
    assert.deepEqual([family, domain, reparameterized], ["logisticNormal", "simplex", true]);
    assert.deepEqual([batch, event], [4, [3]]);
    assert.equal(isLogisticNormal(q), true);
    assert.equal(isLogisticNormal(standardNormal({ event: [2] })), false);
  });
});

Deno.test("logisticNormal() has the density of additive log-ratios", async (t) => {
  await onEachBackend(t, () => {
    for (const scale of [0.5, 1, 3]) {
      const q = logisticNormal({ location: tf.zeros([1, 2]), scale: tf.fill([1, 2], scale) });
      const found = q.logProb(tf.tensor2d(X).expandDims(1));
      assert.deepEqual(found.shape, [4, 1]);
      assertClose(found, X.map((x) => additive(x, scale)), ROUNDING);
    }
  });
});

Deno.test("logisticNormal() treats all parts alike where its normal is at 0", () => {
  tf.tidy(() => {
    const q = logisticNormal({ location: tf.zeros([1, 3]), scale: tf.scalar(0.7) });
    const orders = [[0.1, 0.2, 0.3, 0.4], [0.4, 0.1, 0.2, 0.3], [0.3, 0.4, 0.2, 0.1]];
    const [first, ...others] = q.logProb(tf.tensor2d(orders).expandDims(1)).dataSync();
    assertClose(others, others.map(() => first!), ROUNDING);
  });
});

Deno.test("draws of logisticNormal() are parts of 1, and y = Vᵀ log x is its normal", async (t) => {
  await onEachBackend(t, () => {
    const location = tf.tensor2d([[1, -1], [0, 2]]), scale = tf.tensor2d([[0.5, 1], [2, 0.1]]);
    const q = logisticNormal({ location, scale }), { value, logProb } = q.draw(seed(1), 5);
    assert.deepEqual(value.shape, [5, 2, 3]);
    assertClose(value.sum(-1), Array(10).fill(1), ROUNDING);
    assertClose(logProb(), q.logProb(value), { absolute: 1e-4, relative: 1e-4 });
    const y = q.base.draw(seed(1), 5).value, [a, b, c] = tf.split(tf.log(value), 3, -1);
    const first = tf.sub(a!, b!).div(Math.SQRT2);
    const second = tf.add(a!, b!).sub(c!.mul(2)).div(Math.sqrt(6));
    assertClose(tf.concat([first, second], -1), y, { absolute: 1e-4 });
  });
});

Deno.test("draws of logisticNormal() stay inside the simplex, however far out", async (t) => {
  await onEachBackend(t, () => {
    const q = logisticNormal({ location: tf.tensor2d([[1000, -1000]]), scale: tf.ones([1, 2]) });
    const { value } = q.draw(seed(1), 10);
    assert(value.dataSync().every((part) => part > 0 && part <= 1));
    assert(q.logProb(value).dataSync().every(Number.isFinite));
  });
});
