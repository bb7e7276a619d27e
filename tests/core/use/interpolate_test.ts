import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { interpolate, normalNoise, seed, type Tensor } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

/** A path as rows of numbers. */
function rowsOf(path: Tensor): number[][] {
  return path.arraySync() as number[][];
}

const length = (x: readonly number[]): number => Math.hypot(...x);

/** The angle between two vectors in double precision, exact for any angle (Kahan). */
function angle(a: readonly number[], b: readonly number[]): number {
  const u = a.map((x) => x / length(a)), v = b.map((x) => x / length(b));
  const apart = length(u.map((x, i) => x - v[i]!)), together = length(u.map((x, i) => x + v[i]!));
  return 2 * Math.atan2(apart, together);
}

Deno.test("interpolate() on a line is evenly spaced, with exact ends", (t) =>
  onEachBackend(t, () => {
    const from = tf.tensor2d([[0.1, 2, -3], [1, 1, 1]]),
      to = tf.tensor2d([[0.7, -2, 9], [1, 1, 1]]);
    const path = interpolate(from, to, { steps: 5 });
    assert.deepEqual(path.shape, [10, 3]);
    const rows = rowsOf(path);
    assert.deepEqual([rows[0], rows[4]], [rowsOf(from)[0], rowsOf(to)[0]]);
    rows.slice(0, 5).forEach((row, i) => {
      assertClose(row, [0.1 + 0.15 * i, 2 - i, -3 + 3 * i], { absolute: 1e-6 });
    });
    // The second pair does not move.
    for (const row of rows.slice(5)) assert.deepEqual(row, [1, 1, 1]);
  }));

Deno.test("interpolate() on a sphere turns evenly, and changes its length evenly", (t) =>
  onEachBackend(t, () => {
    const from = normalNoise(seed(1), [4, 8]), to = tf.mul(normalNoise(seed(2), [4, 8]), 3);
    const steps = 7, rows = rowsOf(interpolate(from, to, { steps, path: "spherical" }));
    rowsOf(from).forEach((a, pair) => {
      const b = rowsOf(to)[pair]!, path = rows.slice(pair * steps, (pair + 1) * steps);
      assert.deepEqual([path[0], path[6]], [a, b], "the ends are exact");
      path.forEach((row, i) => {
        const t = i / (steps - 1);
        assert(Math.abs(length(row) - ((1 - t) * length(a) + t * length(b))) < 1e-5);
        assert(Math.abs(angle(a, row) - t * angle(a, b)) < 1e-4);
        assert(Math.abs(angle(row, b) - (1 - t) * angle(a, b)) < 1e-4, "it stays in their plane");
      });
    });
  }));

Deno.test("interpolate() is White's formula where both ends are as long", (t) =>
  onEachBackend(t, () => {
    const a = [0.6, 0.8, 0], b = [0, -0.28, 0.96], steps = 4;
    const path = interpolate(tf.tensor2d([a]), tf.tensor2d([b]), { steps, path: "spherical" });
    const theta = angle(a, b);
    rowsOf(path).forEach((row, i) => {
      const t = i / (steps - 1), sine = Math.sin(theta);
      const [p, q] = [Math.sin((1 - t) * theta) / sine, Math.sin(t * theta) / sine];
      assertClose(row, a.map((x, k) => p * x + q * b[k]!), { absolute: 1e-6 });
    });
  }));

Deno.test("interpolate() on a sphere is right where there is no angle, or any", (t) =>
  onEachBackend(t, () => {
    const spherical = (a: number[], b: number[], steps = 5): number[][] =>
      rowsOf(interpolate(tf.tensor2d([a]), tf.tensor2d([b]), { steps, path: "spherical" }));

    // Parallel: straight, whatever the lengths.
    spherical([1, 2], [3, 6]).forEach((row, i) => {
      assertClose(row, [1 + 0.5 * i, 2 + i], { absolute: 1e-5 });
    });
    // The same twice.
    for (const row of spherical([1, 2], [1, 2])) assertClose(row, [1, 2], { absolute: 1e-6 });
    // Nearly parallel: nothing is blown up.
    for (const row of spherical([1, 2, 0], [1, 2, 1e-7])) {
      assertClose(row, [1, 2, 0], { absolute: 1e-5 });
    }
    // Opposite, of other lengths: half a circle that changes its length, never through zero.
    spherical([0, 2, 1], [0, -4, -2]).forEach((row, i) => {
      assert(Math.abs(length(row) - Math.sqrt(5) * (1 + i / 4)) < 1e-5, `${row}`);
      assert(Math.abs(angle([0, 2, 1], row) - (Math.PI * i) / 4) < 1e-4, `${row}`);
    });
    // Nearly opposite: no further than that.
    spherical([1, 0], [-2, 1e-5]).forEach((row, i) => {
      assert(Math.abs(length(row) - (1 + i / 4)) < 1e-4, `${row}`);
    });
    // One end is zero: straight.
    spherical([0, 0], [4, -4]).forEach((row, i) => assert.deepEqual(row, [i, 0 - i]));
    spherical([0, 0], [0, 0]).forEach((row) => assert.deepEqual(row, [0, 0]));
    // A single latent: opposite ends have zero between them.
    const line = spherical([1], [-1]).map(([x]) => x!);
    assertClose(line, [1, Math.SQRT1_2, 0, -Math.SQRT1_2, -1], { absolute: 1e-6 });
    // Very long and very short ones.
    spherical([1e15, 0], [0, 1e15]).forEach((row) => assert(row.every(Number.isFinite)));
    spherical([1e-15, 0], [0, 1e-15]).forEach((row) => assert(row.every(Number.isFinite)));
  }));

Deno.test("interpolate() takes one step, two steps, and latents with several axes", () => {
  tf.tidy(() => {
    const from = tf.ones([2, 2, 3]), to = tf.neg(from);
    for (const path of ["linear", "spherical"] as const) {
      const one = interpolate(from, to, { steps: 1, path });
      assert.deepEqual(one.arraySync(), from.arraySync());
      const two = interpolate(from, to, { steps: 2, path });
      assert.deepEqual(two.shape, [4, 2, 3]);
      assert.deepEqual(
        tf.slice(two, [1, 0, 0], [1, 2, 3]).arraySync(),
        tf.neg(tf.ones([1, 2, 3])).arraySync(),
      );
      assert.deepEqual(interpolate(from, to, { steps: 4, path }).shape, [8, 2, 3]);
    }
  });
});

Deno.test("interpolate() leaves its result alone behind, and refuses what does not fit", () => {
  const from = tf.ones([1, 2]), to = tf.zeros([1, 2]), before = tf.memory().numTensors;
  interpolate(from, to, { steps: 3, path: "spherical" }).dispose();
  assert.equal(tf.memory().numTensors, before);
  assert.throws(
    () => interpolate(from, to, { steps: 0 }),
    /Cannot interpolate as 'steps' must be a positive integer: current value is 0/,
  );
  assert.throws(
    () => interpolate(from, to, { steps: 2, path: "round" as "linear" }),
    /'path' must be 'linear' or 'spherical': current value is 'round'/,
  );
  assert.throws(
    () => interpolate(from, tf.zeros([1, 3]), { steps: 2 }),
    /'to' must be a tensor \[B, …K\], as the other end: current value is \[1, 3\]/,
  );
  assert.throws(
    () => interpolate(tf.zeros([2]), tf.zeros([2]), { steps: 2 }),
    /'from' must be a tensor \[B, …K\], as the other end: current value is \[2\]/,
  );
  assert.throws(() => interpolate([1] as unknown as Tensor, to, { steps: 2 }), TypeError);
});
