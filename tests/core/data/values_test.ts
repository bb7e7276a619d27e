import assert from "node:assert/strict";
import { type ArrayDataset, dataset } from "../../../core/data/array_dataset.ts";
import type { Values } from "../../../core/data/values.ts";
import { tf } from "../../../core/deps.ts";
import { useBackend } from "../../../mod.ts";
import { refusesDataset as refuses } from "../../helpers/refuses_dataset.ts";

await useBackend({ backend: "cpu" });

const REAL = { support: "real" } as const;

/** The values of some rows as nested arrays. */
function read(data: ArrayDataset, rows: readonly number[]): unknown {
  return tf.tidy(() => data.rows(rows).x.arraySync());
}

Deno.test("dataset() takes typed arrays of every type", () => {
  const types = [Float32Array, Float64Array, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array];
  for (const Type of [...types, Uint16Array, Int32Array, Uint32Array]) {
    const data = dataset(Type.from([1, 2, 3, 4, 5, 6]), { ...REAL, shape: [3] });
    assert.deepEqual([data.size, data.shape], [2, [3]]);
    assert.deepEqual(read(data, [1, 0]), [[4, 5, 6], [1, 2, 3]], Type.name);
  }
});

Deno.test("dataset() reads the shape off nested arrays of any depth", () => {
  const flat = dataset([1, 2, 3], REAL), deep = dataset([[[1], [2]], [[3], [4]]], REAL);
  assert.deepEqual([flat.size, flat.shape], [3, []]);
  assert.deepEqual([deep.size, deep.shape], [2, [2, 1]]);
  assert.deepEqual(read(flat, [2, 0]), [3, 1]);
  assert.deepEqual(read(deep, [1]), [[[3], [4]]]);
});

Deno.test("dataset() copies the values of tensors of every numeric type, and of arrays", () => {
  for (const dtype of ["float32", "int32", "bool"] as const) {
    const tensor = tf.tensor2d([[0, 1, 1], [1, 0, 0]], [2, 3], dtype);
    const data = dataset(tensor, { support: "binary" });
    tensor.dispose();
    assert.deepEqual([data.size, data.shape], [2, [3]]);
    assert.deepEqual(read(data, [1]), [[1, 0, 0]]);
  }
  const values = Float32Array.of(1, 2), data = dataset(values, { ...REAL, shape: [1] });
  values.fill(9);
  assert.deepEqual(read(data, [0, 1]), [[1], [2]]);
});

Deno.test("dataset() cuts rows of as many numbers into the shape that is told", () => {
  const matrix = tf.tensor2d([[1, 2, 3, 4]]);
  for (const values of [[[1, 2, 3, 4]], matrix, Uint8Array.of(1, 2, 3, 4)] satisfies Values[]) {
    const data = dataset(values, { ...REAL, shape: [2, 2] });
    assert.deepEqual(data.shape, [2, 2]);
    assert.deepEqual(read(data, [0]), [[[1, 2], [3, 4]]]);
  }
  matrix.dispose();
});

Deno.test("dataset() refuses data without rows", () => {
  const message = "RangeError: 'x' must have at least one row: current value is 0";
  for (const values of [[], [[]], new Float32Array()]) refuses(values, { shape: [1] }, message);
  refuses([], {}, message);
});

Deno.test("dataset() refuses a tensor without rows", () => {
  for (const tensor of [tf.scalar(1), tf.zeros([0, 2])]) {
    assert.throws(() => dataset(tensor, REAL), /Cannot make dataset as 'x' must /);
    tensor.dispose();
  }
});

Deno.test("dataset() refuses values that are no numbers in rows", () => {
  refuses(
    "abc",
    {},
    "TypeError: 'x' must be a typed array, nested arrays or a tensor: current value is 'abc'",
  );
  refuses(
    Float32Array.of(1),
    {},
    "TypeError: 'shape' must be given with a typed array 'x': current value is 'missing'",
  );
  refuses([[1, "a"]], {}, "TypeError: 'x' at [0, 1] must be a number: current value is 'a'");
  refuses([[1], [null]], {}, "TypeError: 'x' at [1, 0] must be a number: current value is null");
  refuses([1, [2]], {}, "TypeError: 'x' at [1] must be a number: current value is [2]");
});

Deno.test("dataset() refuses ragged nested arrays, and says where", () => {
  refuses([[1, 2], [3]], {}, "TypeError: 'x' at [1] must be a list of 2: current value is 1");
  refuses(
    [[[1], [2]], [[3], [4, 5]]],
    {},
    "TypeError: 'x' at [1, 1] must be a list of 1: current value is 2",
  );
  refuses([[1], 2], {}, "TypeError: 'x' at [1] must be a list of 1: current value is 2");
});

Deno.test("dataset() refuses lists with holes", () => {
  // deno-lint-ignore no-sparse-arrays
  refuses([[1, , 3]], {}, "TypeError: 'x' at [0, 1] must be a number: current value is undefined");
});

Deno.test("dataset() refuses values that do not make rows of the shape", () => {
  refuses(
    new Uint8Array(5),
    { shape: [2] },
    "TypeError: 'x' must hold whole rows of shape [2]: current value is '5 numbers'",
  );
  refuses(
    [[1, 2, 3]],
    { shape: [2, 2] },
    "TypeError: 'x' must have rows of shape [2, 2]: current value is [3]",
  );
});

Deno.test("dataset() refuses a shape that is not made of positive integers", () => {
  for (const shape of [[-2], [-2, -1], [0.5], [NaN]]) {
    assert.throws(() => dataset(new Float32Array(4), { ...REAL, shape }), /'shape' must/);
  }
});
