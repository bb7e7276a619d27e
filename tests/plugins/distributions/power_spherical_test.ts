import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { isPowerSpherical, powerSpherical, uniformSphere } = distributions;

await useBackend({ backend: "cpu" });

/** log p(x) at μᵀx = t, with 30 digits. */
const DENSITIES:
  readonly (readonly [dimensions: number, scale: number, t: number, nats: number])[] = [
    [2, 0, 0.5, -1.837877066],
    [2, 1.5, -0.6, -3.394986122],
    [3, 1, 1, -1.837877066],
    [3, 1000, 0.96, -15.82497679],
    [10, 20, 0.28, -5.616102553],
    [128, 500, 0.8, 192.2164865],
    [128, 10000, 0.96, 222.7082261],
  ];

/** a in the first two axes of ℝᴷ. */
const plane = (dimensions: number, a: readonly [number, number]): number[] => [
  ...a,
  ...Array<number>(dimensions - 2).fill(0),
];

Deno.test("powerSpherical() says what it is", () => {
  tf.tidy(() => {
    const direction = tf.tensor3d([[[3, 0], [0, -4]]]);
    const q = powerSpherical({ direction, scale: tf.tensor1d([6]) });
    const { family, domain, reparameterized, batch, event } = q;
    assert.deepEqual([family, domain, reparameterized], ["powerSpherical", "sphere", true]);
    assert.deepEqual([batch, event], [1, [2, 2]]);
    assertClose(q.location, [0.6, 0, 0, -0.8], { absolute: 1e-6 });
    assertClose(q.mean, [0.4, 0, 0, -0.8 * 6 / 9], { absolute: 1e-6 });
    assert.deepEqual([q.location.shape, q.mean.shape, q.variance.shape], Array(3).fill([1, 2, 2]));
    assert.equal(isPowerSpherical(q), true);
    assert.equal(isPowerSpherical(uniformSphere({ event: [3] })), false);
  });
});

Deno.test("powerSpherical() has the log-densities of an independent computation", async (t) => {
  await onEachBackend(t, () => {
    for (const [dimensions, scale, along, nats] of DENSITIES) {
      const across = Math.sqrt(1 - along ** 2);
      const direction = tf.tensor2d([plane(dimensions, [6, 8])]);
      const turned: [number, number] = [
        0.6 * along - 0.8 * across,
        0.8 * along + 0.6 * across,
      ];
      const q = powerSpherical({ direction, scale: tf.tensor1d([scale]) });
      const value = tf.tensor3d([[plane(dimensions, turned)]]);
      // What float32 rounds of x counts κ/(1 + t) times.
      assertClose(q.logProb(value), nats, { absolute: 1e-5 + 2e-7 * scale, relative: 1e-5 });
    }
  });
});

Deno.test("PowerSpherical.draw() has length 1, and the declared mean and variance", async (t) => {
  await onEachBackend(t, () => {
    for (const dimensions of [2, 3, 20]) {
      const direction = tf.tensor2d([plane(dimensions, [-1, 2]), plane(dimensions, [0, -3])]);
      const q = powerSpherical({ direction, scale: tf.tensor1d([4, 0.5]) });
      const { value, logProb } = q.draw(seed(dimensions), 4000);
      assert.deepEqual(value.shape, [4000, 2, dimensions]);
      assertClose(tf.sum(tf.square(value), -1), Array(8000).fill(1), { absolute: 1e-5 });
      assertClose(logProb(), q.logProb(value), { absolute: 1e-3, relative: 1e-4 });
      const { mean, variance } = tf.moments(value, 0);
      assertClose(mean, q.mean, { absolute: 6 / Math.sqrt(4000 * dimensions / 2) });
      assertClose(variance, q.variance, { absolute: 6 / Math.sqrt(4000) / dimensions });
      // The elements of a point of length 1: Σ Var[xᵢ] + Σ E[xᵢ]² = 1.
      const squares = tf.add(q.variance, tf.square(q.mean));
      assertClose(tf.sum(squares, 1), [1, 1], { absolute: 1e-5 });
    }
  });
});

Deno.test("PowerSpherical.draw() passes on gradients that stay bounded, whatever the location", async (t) => {
  const directions = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [1, 1e-4, 0], [-1, 0, 1e-4]];
  await onEachBackend(t, () => {
    for (const scale of [1e-6, 1, 1e4]) {
      const scales = tf.fill([directions.length], scale);
      for (let element = 0; element < 3; element++) {
        const gradients = tf.grads((direction, scale) => {
          const { value } = powerSpherical({ direction: direction!, scale: scale! })
            .draw(seed(1), 200);
          return tf.sum(tf.slice(value, [0, 0, element], [-1, -1, 1]));
        });
        const [byDirection, byScale] = gradients([tf.tensor2d(directions), scales]);
        const largest = Math.max(...byDirection!.abs().dataSync());
        assert(largest < 200 * 4, `by direction: ${largest} at κ = ${scale}`);
        assert(byScale!.dataSync().every(Number.isFinite));
      }
    }
  });
});

Deno.test("PowerSpherical.draw() has the gradient κ/(κ + K − 1) of its mean", async (t) => {
  await onEachBackend(t, () => {
    const direction = tf.tensor2d([[0, 2, 0]]);
    const mean = (scale: tf.Tensor): tf.Tensor => {
      const { value } = powerSpherical({ direction, scale }).draw(seed(1), 4000);
      return tf.mean(tf.slice(value, [0, 0, 1], [-1, -1, 1]));
    };
    // d/dκ of κ/(κ + 2).
    assertClose(tf.grad(mean)(tf.tensor1d([2])), 2 / 16, { relative: 0.05 });
  });
});

Deno.test("powerSpherical() has a location even where the direction is 0, tiny or huge", async (t) => {
  const directions = [[0, 0, 0], [0, 1e-20, 0], [0, 0, -1e-8], [0, 3e25, 0]];
  await onEachBackend(t, () => {
    const direction = tf.tensor2d(directions), scale = tf.fill([4], 2);
    const q = powerSpherical({ direction, scale });
    const expected = [1, 0, 0, 1, 0, 0, 0, 0, -1, 0, 1, 0];
    assertClose(q.location, expected, { absolute: 1e-6 });
    const gradient = tf.grad((direction) =>
      tf.sum(powerSpherical({ direction, scale }).draw(seed(1), 3).value)
    )(direction);
    assert(gradient.dataSync().every(Number.isFinite), `${gradient}`);
    // Opposite to μ the density is 0, and its logarithm still a number.
    const [opposite] = q.logProb(tf.tensor3d([[[-1, 0, 0]]])).dataSync();
    assert(opposite! < -60 && Number.isFinite(opposite));
  });
});

Deno.test("powerSpherical() refuses events of one element", () => {
  tf.tidy(() => {
    assert.throws(() => powerSpherical({ direction: tf.ones([2, 1]), scale: tf.ones([2]) }), {
      name: "RangeError",
      message: "Cannot build distribution as an event must have 2 elements or more: " +
        "current value is 1",
    });
  });
});
