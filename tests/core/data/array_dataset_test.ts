import assert from "node:assert/strict";
import { type ArrayDataset, dataset } from "../../../core/data/array_dataset.ts";
import type { BatchOptions } from "../../../core/data/dataset.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import type { Batch } from "../../../core/types.ts";
import { useBackend } from "../../../mod.ts";

await useBackend({ backend: "cpu" });

const REAL = { support: "real" } as const;

/** Ten rows of one number each, 0 … 9. */
const digits = dataset(Float32Array.from({ length: 10 }, (_, i) => i), { ...REAL, shape: [1] });

/** The tensors of a batch as nested arrays; they are disposed. */
function read(batch: Batch): Record<string, unknown> {
  const entries = Object.entries(batch).map(([name, tensor]) => [name, tensor.arraySync()]);
  tf.dispose(Object.values(batch));
  return Object.fromEntries(entries);
}

/** The rows of one epoch, batch by batch. */
async function epoch(
  data: ArrayDataset,
  options: BatchOptions,
): Promise<number[][]> {
  const batches: number[][] = [];
  for await (const batch of data.batches(options)) {
    batches.push((read(batch).x as number[][]).flat());
  }
  return batches;
}

Deno.test("ArrayDataset.rows() carries condition, mask and offset along", () => {
  const data = dataset([[1, 2], [3, 4], [5, 6]], {
    ...REAL,
    condition: Float32Array.of(10, 11, 20, 21, 30, 31),
    mask: [[1, 0], [0, 1], [1, 1]],
    offset: [0.5, 1.5, 2.5],
  });
  assert.deepEqual(data.condition, [2]);
  const rows = {
    x: [[5, 6], [1, 2]],
    condition: [[30, 31], [10, 11]],
    mask: [[1, 1], [1, 0]],
    offset: [2.5, 0.5],
  };
  assert.deepEqual(read(data.rows([2, 0])), rows);
  assert.deepEqual(read(data.subset([2, 1, 0]).rows([0, 2])), rows);
});

Deno.test("Dataset.batches() goes through the rows in order, with fewer in the last batch", async () => {
  assert.deepEqual(await epoch(digits, { size: 4 }), [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]);
  assert.deepEqual((await epoch(digits, { size: 5 })).map((batch) => batch.length), [5, 5]);
  assert.deepEqual((await epoch(digits, { size: 99 })).map((batch) => batch.length), [10]);
});

Deno.test("Dataset.batches() passes over the batches that were taken before", async () => {
  const options = { size: 4, seed: seed(3), epoch: 2 };
  const all = await epoch(digits, options);
  for (let start = 0; start <= 4; start++) {
    assert.deepEqual(await epoch(digits, { ...options, start }), all.slice(start));
  }
  for (const start of [-1, 0.5, NaN]) {
    await assert.rejects(
      epoch(digits, { size: 4, start }),
      /Cannot read batches as 'start' must be a non-negative integer: current value is/,
    );
  }
});

Deno.test("Dataset.batches() shuffles by seed and epoch", async () => {
  const order = async (from: number, number: number): Promise<string> => {
    const batches = await epoch(digits, { size: 4, seed: seed(from), epoch: number });
    assert.deepEqual(batches.flat().toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    return batches.join();
  };
  assert.equal(await order(1, 0), await order(1, 0));
  const orders = [await order(1, 0), await order(1, 1), await order(2, 0), await order(2, 1)];
  assert.equal(new Set([...orders, "0,1,2,3,4,5,6,7,8,9"]).size, 5);
});

Deno.test("Dataset.batches() refuses a size that is not a positive integer", async () => {
  for (const size of [0, -1, 1.5]) {
    await assert.rejects(epoch(digits, { size }), {
      name: "RangeError",
      message: `Cannot read batches as 'size' must be a positive integer: current value is ${size}`,
    });
  }
});

Deno.test("ArrayDataset.rows() refuses rows that are not there", () => {
  for (const index of [10, -1, 0.5]) {
    assert.throws(() => digits.rows([0, index]), {
      name: "RangeError",
      message: `Cannot choose rows as every index must be from 0 to 9: current value is ${index}`,
    });
  }
});

Deno.test("ArrayDataset.subset() counts its rows from 0 again", async () => {
  const odd = digits.subset([9, 7, 5, 3]).subset(Uint8Array.of(3, 1, 1));
  assert.equal(odd.size, 3);
  assert.deepEqual(await epoch(odd, { size: 2 }), [[3, 7], [7]]);
});

Deno.test("ArrayDataset.subset() refuses to be empty", () => {
  assert.throws(() => digits.subset([]), {
    name: "RangeError",
    message: "Cannot take a subset as it must have at least one row: current value is 0",
  });
});

Deno.test("ArrayDataset.subset() refuses rows that are not there", () => {
  for (const index of [10, -1]) {
    assert.throws(() => digits.subset([0, index]), { name: "RangeError" });
  }
});

Deno.test("ArrayDataset.mapped() changes rows as they are read, by row of the whole and epoch", () => {
  const mapped = digits.subset([5, 6]).mapped("count", (values, row, epoch) => {
    values[0]! += 100 * row + 1000 * epoch;
  });
  assert.equal(mapped.support, "count");
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(read(mapped.rows([1, 0])), { x: [[606], [505]] });
    assert.deepEqual(read(mapped.subset([1]).rows([0], 2)), { x: [[2606]] });
  }
  const twice = mapped.mapped("real", (values) => void (values[0]! *= 2));
  assert.deepEqual(read(twice.rows([0])), { x: [[1010]] });
  assert.deepEqual(read(digits.rows([5])), { x: [[5]] });
});

Deno.test("Dataset.batches() tells the maps the epoch", async () => {
  const epochs = digits.mapped("real", (values, _, epoch) => void (values[0] = epoch));
  assert.deepEqual(await epoch(epochs, { size: 10, epoch: 3 }), [Array(10).fill(3)]);
});

Deno.test("dataset() keeps no tensors, and a batch none but its own", async () => {
  const before = tf.memory().numTensors;
  const [x, mask] = [tf.ones([4, 2]), tf.ones([4, 2])];
  const data = dataset(x, { ...REAL, mask, condition: [[1], [2], [3], [4]], offset: [1, 2, 3, 4] });
  tf.dispose([x, mask]);
  assert.equal(tf.memory().numTensors, before);
  for await (const batch of data.batches({ size: 3, seed: seed(1) })) {
    assert.equal(tf.memory().numTensors, before + 4);
    tf.dispose(Object.values(batch));
    break;
  }
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("ArrayDataset.mapped() is checked against its support as it is read", () => {
  const grey = dataset([[0.2], [0.6]], { support: "unit" });
  const wrong = grey.mapped("binary", (values) => void values.fill(0.3));
  assert.throws(() => wrong.rows([1]), {
    name: "RangeError",
    message: "Cannot map rows as 'x' must be 0 or 1 (support 'binary') at row 0, position [0]: " +
      "current value is 0.30000001192092896",
  });
});

Deno.test("ArrayDataset.categories counts the classes of the rows that are left", () => {
  const codes = dataset([[0, 4], [1, 0], [2, 9]], {
    support: "category",
    mask: [[1, 1], [1, 1], [1, 0]],
  });
  assert.equal(codes.categories, 5);
  assert.equal(codes.subset([1, 2]).categories, 3);
  assert.equal(codes.mapped("category", () => {}).categories, undefined);
  const table = dataset([[0.5, 4], [1, 0]], { support: { size: "real", kind: "category" } });
  assert.deepEqual(table.categories, { kind: 5 });
  assert.equal(dataset([[3]], { support: "count" }).categories, undefined);
});
