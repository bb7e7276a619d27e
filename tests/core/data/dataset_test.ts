import assert from "node:assert/strict";
import { dataset } from "../../../core/data/array_dataset.ts";
import { tf } from "../../../core/deps.ts";
import { useBackend } from "../../../mod.ts";
import { refusesDataset as refuses } from "../../helpers/refuses_dataset.ts";

await useBackend({ backend: "cpu" });

const REAL = { support: "real" } as const;

Deno.test("dataset() says its support and shapes, and has a condition only if it was given one", () => {
  const support = { age: "count", height: "positive" } as const;
  const plain = dataset([[3, 1.5]], { support });
  assert.deepEqual([plain.support, plain.shape], [support, [2]]);
  assert.equal(plain.condition, undefined);
  assert.deepEqual(dataset([[1]], { ...REAL, condition: [[[1, 2]]] }).condition, [1, 2]);
});

Deno.test("dataset() lets anything stand where the mask says that it is missing", () => {
  const data = dataset([[NaN, 1], [0, Infinity]], { support: "binary", mask: [[0, 1], [1, 0]] });
  const { x, mask } = data.rows([0, 1]);
  assert.deepEqual(x.arraySync(), [[NaN, 1], [0, Infinity]]);
  assert.deepEqual(mask?.arraySync(), [[0, 1], [1, 0]]);
  tf.dispose([x, mask!]);
  const at = "at row 1, position [0]: current value is NaN";
  refuses(
    [[NaN, 1], [NaN, 1]],
    { support: "binary", mask: [[0, 1], [1, 0]] },
    `RangeError: 'x' must be 0 or 1 (support 'binary') ${at}`,
  );
  refuses(
    [[1, 1], [1, 1]],
    { mask: [[0, 1], [0, 1]], condition: [[0], [NaN]] },
    `RangeError: 'condition' must be finite (support 'real') ${at}`,
  );
});

Deno.test("dataset() refuses a value outside the support, and says which and where", () => {
  refuses(
    [[0, 1], [0.5, 1]],
    { support: "binary" },
    "RangeError: 'x' must be 0 or 1 (support 'binary') at row 1, position [0]: " +
      "current value is 0.5",
  );
  refuses(
    [[[1, 2], [3, -4]]],
    { support: "positive" },
    "RangeError: 'x' must be positive (support 'positive') at row 0, position [1, 1]: " +
      "current value is -4",
  );
  refuses(
    [[1, 2], [0.5, 2]],
    { support: { age: "count", height: "positive" } },
    "RangeError: 'x' must be a count 0, 1, 2, … (support 'count') at row 1, column 'age': " +
      "current value is 0.5",
  );
  refuses(
    new Float64Array([1e300]),
    { shape: [1] },
    "RangeError: 'x' must be finite (support 'real') at row 0, position [0]: " +
      "current value is Infinity",
  );
});

Deno.test("dataset() refuses an unknown support, and columns that do not fit the shape", () => {
  refuses(
    [[1]],
    { support: "grey" as "unit" },
    "RangeError: 'support' must be one of binary, unit, positive, count, category, real, or one " +
      "of these for each column: current value is 'grey'",
  );
  refuses(
    [[1, 2, 3]],
    { support: { a: "real", b: "real" } },
    "RangeError: 'support' names 2 columns and 'shape' must be [2]: current value is [3]",
  );
});

Deno.test("dataset() refuses what comes with the rows unless it is a row for each of them", () => {
  const wrongRows = (name: string, rows: number): string =>
    `RangeError: '${name}' must have 2 rows: current value is ${rows}`;
  refuses([[1], [2]], { condition: [[1]] }, wrongRows("condition", 1));
  refuses([[1], [2]], { mask: [[1], [1], [1]] }, wrongRows("mask", 3));
  refuses([[1], [2]], { mask: new Uint8Array(3) }, wrongRows("mask", 3));
  refuses([[1], [2]], { offset: Float32Array.of(1) }, wrongRows("offset", 1));
});

Deno.test("dataset() refuses a flat condition that does not make as many rows", () => {
  assert.throws(
    () => dataset([[1], [2]], { ...REAL, condition: new Float32Array(5) }),
    /^TypeError: Cannot make dataset as 'condition' must hold /,
  );
});

Deno.test("dataset() refuses a mask or an offset of the wrong shape or value, and an empty row", () => {
  refuses(
    [[1], [2]],
    { mask: [[1, 1], [0, 0]] },
    "TypeError: 'mask' must have rows of shape [1]: current value is [2]",
  );
  refuses(
    [[1], [2]],
    { mask: [[1], [0.5]] },
    "RangeError: 'mask' must be 0 or 1 (support 'binary') at row 1, position [0]: " +
      "current value is 0.5",
  );
  refuses(
    [[1, 2], [3, 4], [5, 6]],
    { mask: [[1, 0], [0, 1], [0, 0]] },
    "RangeError: 'mask' must have a 1 in row 2: current value is [0, 0]",
  );
  refuses(
    [[1], [2]],
    { offset: [[1, 1], [1, 1]] },
    "TypeError: 'offset' must have rows of shape []: current value is [2]",
  );
  assert.throws(() => dataset([1, 2], { ...REAL, offset: [0, NaN] }), /'offset' must .* at row 1/);
});
