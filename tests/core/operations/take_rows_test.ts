import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { takeRows } from "../../../core/operations/take_rows.ts";
import { useBackend } from "../../../mod.ts";

const values = Float32Array.from({ length: 5 * 6 }, (_, i) => i / 7);

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`takeRows() takes rows in any order, and as often as they are named, on ${backend}`, async () => {
    await useBackend({ backend });
    const before = tf.memory().numTensors, kept = values.slice();
    for (const [shape, indices] of [[[6], [4, 0, 0, 2]], [[2, 3], [1]], [[], [29, 3]]] as const) {
      const width = shape.reduce((product: number, axis) => product * axis, 1);
      const rows = takeRows({ values, shape, indices });
      assert.deepEqual([rows.shape, rows.dtype], [[indices.length, ...shape], "float32"]);
      const expected = indices.flatMap((index) => [...values.slice(index * width).slice(0, width)]);
      assert.deepEqual([...rows.dataSync()], expected);
      rows.dispose();
    }
    assert.deepEqual(values, kept);
    assert.equal(tf.memory().numTensors, before);
  });
}
