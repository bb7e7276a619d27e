import assert from "node:assert/strict";
import { fc } from "../../deps.ts";
import { type ArrayDataset, dataset } from "../../../core/data/array_dataset.ts";
import { split } from "../../../core/data/split.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { useBackend } from "../../../mod.ts";
import { assertWithin, CHI_SQUARE_BOUND, chiSquare } from "../../helpers/statistics.ts";

await useBackend({ backend: "cpu" });

/** The numbers 0 … size − 1, one in a row. */
function numbers(size: number): ArrayDataset<"count"> {
  return dataset(Uint16Array.from({ length: size }, (_, i) => i), { support: "count", shape: [] });
}

function read(data: ArrayDataset): number[] {
  const indices = Array.from({ length: data.size }, (_, i) => i);
  return tf.tidy(() => [...data.rows(indices).x.dataSync()]);
}

Deno.test("split() puts no row into two parts, and every row into one if there is room", () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }));
  fc.assert(
    fc.property(sizes, fc.nat({ max: 9 }), fc.integer(), ([a, b], rest, from) => {
      const { train, test } = split(numbers(a + b + rest), { train: a, test: b }, { seed: from });
      assert.deepEqual([train.size, test.size], [a, b]);
      const rows = [...read(train), ...read(test)];
      assert.equal(new Set(rows).size, a + b);
      assert(Math.max(...rows) < a + b + rest);
    }),
    { seed: 1 },
  );
});

Deno.test("split() is decided by the seed", () => {
  const train = (from: Parameters<typeof split>[2]["seed"]): number[] =>
    read(split(numbers(40), { train: 20, test: 20 }, { seed: from }).train);
  assert.deepEqual(train(1), train(1));
  assert.deepEqual(train(1), train(seed(1)));
  assert.notDeepEqual(train(1), train(2));
});

Deno.test("split() sends every row anywhere alike", () => {
  const counts = Array<number>(24).fill(0);
  for (let from = 0; from < 4000; from++) {
    for (const row of read(split(numbers(24), { few: 3 }, { seed: from }).few)) counts[row]!++;
  }
  assertWithin(CHI_SQUARE_BOUND[23], chiSquare(counts), "χ² of 24 rows");
});

Deno.test("split() keeps support, shape and what comes with the rows together", () => {
  const data = dataset([[1, 2], [3, 4], [5, 6]], {
    support: { a: "count", b: "count" },
    condition: [[10], [30], [50]],
  });
  const { train, test } = split(data, { train: 2, test: 1 }, { seed: 0 });
  assert.deepEqual([train.support, train.shape], [data.support, data.shape]);
  assert.deepEqual([train.condition, test.condition], [[1], [1]]);
  for (const [part, rows] of [[train, [0, 1]], [test, [0]]] as const) {
    const { x, condition } = part.rows(rows);
    const first = tf.tidy(() => x.slice([0, 0], [-1, 1]).mul(10).arraySync());
    assert.deepEqual(condition?.arraySync(), first);
    tf.dispose([x, condition!]);
  }
});

Deno.test("split() knows the names of its parts", () => {
  const parts = split(numbers(3), { train: 1, test: 1 }, { seed: 0 });
  assert.deepEqual(Object.keys(parts), ["train", "test"]);
  // @ts-expect-error: there is no such part
  assert.equal(parts.validation, undefined);
});

Deno.test("split() refuses sizes that are not positive integers", () => {
  for (const size of [0, -1, 0.5, NaN]) {
    assert.throws(() => split(numbers(3), { train: 1, test: size }, { seed: 0 }), {
      name: "RangeError",
      message: `Cannot split data as 'test' must be a positive integer: current value is ${size}`,
    });
  }
});

Deno.test("split() refuses more rows than there are", () => {
  assert.throws(() => split(numbers(3), { train: 2, test: 2 }, { seed: 0 }), {
    name: "RangeError",
    message: "Cannot split data as the parts must not exceed its 3 rows: current value is 4",
  });
});
