import assert from "node:assert/strict";
import { tf } from "../../../../../core/deps.ts";
import { useBackend } from "../../../../../mod.ts";
import { fc } from "../../../../deps.ts";
import {
  assertAlike,
  given,
  holdsToDefinition,
  kernelsOf,
  numbers,
} from "../../../../helpers/holds_to_definition.ts";

await useBackend({ backend: "wasm" });

const axis = fc.constantFrom(1, 3, 5, 7, 17);
const options = { numRuns: 30, seed: 1 };

/** Every set of axes of tensors of some rank. */
const axesOf = (rank: number): number[][] =>
  Array.from(
    { length: 2 ** rank },
    (_, bits) => Array.from({ length: rank }, (_, i) => i).filter((i) => bits & (1 << i)),
  );

Deno.test("tf.sum and tf.mean on wasm hold to what cpu answers, over all sets of axes", async () => {
  const shapes = [[5], [3, 7], [17, 1], [2, 3, 5], [1, 3, 1], [2, 3, 1, 5]];
  for (const shape of shapes) {
    for (const axes of [undefined, ...axesOf(shape.length)]) {
      for (const keepDims of [false, true]) {
        for (const reduce of [tf.sum, tf.mean]) {
          // Not around zero, where a sum is a small difference.
          await holdsToDefinition(({ x }) => reduce(x, axes, keepDims), {
            x: given(shape, 1, 0.5, 2),
          }, { second: false });
        }
      }
    }
  }
});

Deno.test("tf.sum and tf.mean on wasm take axes from the end, and no numbers at all", async () => {
  for (
    const [shape, axis] of [[[2, 3, 4], -1], [[2, 3, 4], [-1, 0]], [[2, 3, 4], [-3, -2]]] as const
  ) {
    for (const reduce of [tf.sum, tf.mean]) {
      await holdsToDefinition(({ x }) => reduce(x, axis as number), {
        x: given([...shape], 1, 0.5, 2),
      });
    }
  }
  for (const [shape, axis] of [[[0, 3], 0], [[0, 3], 1], [[3, 0], 0], [[3, 0], 1]] as const) {
    await holdsToDefinition(({ x }) => tf.sum(x, axis), { x: given([...shape], 1) });
  }
});

Deno.test("tf.sum and tf.mean on wasm take whole numbers and bits, as before", async () => {
  const values = Array.from({ length: 24 }, (_, i) => i % 5 - 1);
  for (const dtype of ["int32", "bool"] as const) {
    const x = { shape: [2, 3, 4], values: dtype === "bool" ? values.map(Math.abs) : values, dtype };
    const bits = dtype === "bool" ? { ...x, values: x.values.map((v) => v % 2) } : x;
    for (const axes of axesOf(3)) {
      await holdsToDefinition(({ bits }) => tf.sum(bits, axes), { bits });
      await holdsToDefinition(({ bits }) => tf.mean(bits, axes), { bits });
    }
  }
  tf.tidy(() => {
    assert.equal(tf.sum(tf.tensor1d([1, 2], "int32")).dtype, "int32");
    assert.equal(tf.sum(tf.tensor1d([true, true], "bool")).dtype, "int32");
  });
});

Deno.test("tf.sum and tf.mean on wasm of a million numbers are exact to 1e-6", () => {
  const x = numbers(1, 1_000_000, 0, 1);
  for (const [rows, columns] of [[1, 1_000_000], [1_000_000, 1], [1000, 1000]] as const) {
    tf.tidy(() => {
      const tensor = tf.tensor2d(x, [rows, columns]);
      const sums = new Float64Array(columns);
      x.forEach((value, i) => sums[i % columns]! += value);
      const total = sums.reduce((sum, next) => sum + next);
      // Each one by itself, as the largest says nothing of the others.
      tf.sum(tensor, 0).dataSync().forEach((sum, i) =>
        assertAlike([sum], [sums[i]!], { tolerance: 1e-6 })
      );
      assertAlike(tf.sum(tensor).dataSync(), [total], { tolerance: 1e-6 });
      assertAlike(tf.mean(tensor).dataSync(), [total / 1e6], { tolerance: 1e-6 });
    });
  }
});

const unaries = {
  Exp: tf.exp,
  Sigmoid: tf.sigmoid,
  Softplus: tf.softplus,
  Tanh: tf.tanh,
} as const;

for (const [name, run] of Object.entries(unaries)) {
  const saturates = name === "Sigmoid" || name === "Tanh";
  Deno.test(`tf.${name.toLowerCase()} on wasm holds to what cpu answers`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(axis, { maxLength: 3 }),
        fc.nat(1e6),
        fc.constantFrom(1e-3, 1, 8, 30),
        (shape, seed, size) =>
          holdsToDefinition(({ x }) => run(x), { x: given(shape, seed, -size, size) }, {
            kernel: name,
            // s·(1 − s) and 1 − tanh² are small differences where functions saturate.
            least: size >= 8 && saturates ? 1 : 0,
          }),
      ),
      options,
    );
    // Shared by threads.
    await holdsToDefinition(({ x }) => run(x), { x: given([30_001], 1, -5, 5) }, { second: false });
    const ends = [-1e4, -104, -90, -80, -20, -14, -1e-5, -0, 0, 1e-5, 14, 20, 80, 88, 90, 1e4];
    // Each alone, as beside large numbers small ones count for nothing.
    for (const end of [...ends, NaN, Infinity, -Infinity]) {
      await holdsToDefinition(({ x }) => run(x), { x: { shape: [], values: [end] } }, {
        second: false,
        least: saturates && (end > 1 || (name === "Tanh" && end < -1)) ? 1 : 0,
      });
    }
    await holdsToDefinition(({ x }) => run(x), { x: given([0, 3], 1) });
  });
}

Deno.test("the gradient of tf.gather on wasm holds to what cpu answers", async () => {
  const indices = { shape: [7], values: [0, 4, 4, 1, 0, 4, 2], dtype: "int32" as const };
  for (const [shape, axis] of [[[5], 0], [[5, 3], 0], [[3, 5], 1], [[2, 5, 3], 1]] as const) {
    const x = given([...shape], 1);
    await holdsToDefinition(
      ({ x, indices }) => tf.gather(x, indices as tf.Tensor1D, axis),
      { x, indices },
    );
  }
  await holdsToDefinition(
    ({ x, indices }) => tf.gather(x, indices),
    { x: given([5, 3], 1), indices: { ...indices, shape: [1, 7] } },
  );
  const launched = kernelsOf(() =>
    tf.tidy(() => {
      const few = tf.tensor1d([1, 1], "int32");
      tf.grad((x) => tf.sum(tf.gather(x, few)))(tf.ones([5, 3]));
    })
  );
  assert(launched.has("UnsortedSegmentSum"));
});

Deno.test("tf.unsortedSegmentSum on wasm leaves out what has no segment, and refuses others", () => {
  tf.tidy(() => {
    const ids = tf.tensor1d([0, -1, 2, 5, 0], "int32");
    const sums = tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3, 4, 5]), ids, 3);
    assert.deepEqual([...sums.dataSync()], [6, 0, 3]);
    assert.throws(() => tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3, 4, 5], "int32"), ids, 3), {
      name: "TypeError",
      message:
        "Cannot run 'UnsortedSegmentSum' on wasm as its tensors must be of float32, with channels " +
        "last: current value is [int32, int32, NHWC]",
    });
  });
});

Deno.test("tf.clone on wasm shares the numbers, which live as long as either tensor", () => {
  const before = tf.memory();
  for (const dtype of ["float32", "int32", "bool"] as const) {
    const x = tf.tensor2d([[0, 1], [1, 0]], undefined, dtype), copy = tf.clone(x);
    assert.equal(tf.memory().numDataBuffers, before.numDataBuffers + 1);
    assert.deepEqual([copy.shape, copy.dtype], [[2, 2], dtype]);
    x.dispose();
    assert.deepEqual(copy.arraySync(), [[0, 1], [1, 0]]);
    const again = copy.clone();
    copy.dispose();
    assert.deepEqual([...again.dataSync()], [0, 1, 1, 0]);
    again.dispose();
  }
  const { numTensors, numDataBuffers } = tf.memory();
  assert.deepEqual([numTensors, numDataBuffers], [before.numTensors, before.numDataBuffers]);
});

Deno.test("tf.clone on wasm passes gradients on", async () => {
  await holdsToDefinition(({ x }) => tf.mul(tf.clone(x), x), { x: given([3, 5], 1) });
});
