import assert from "node:assert/strict";
import { binarize } from "../../../core/data/binarize.ts";
import { type ArrayDataset, dataset } from "../../../core/data/array_dataset.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { useBackend } from "../../../mod.ts";
import { assertWithin, correlation, mean, NORMAL_BOUND } from "../../helpers/statistics.ts";

await useBackend({ backend: "cpu" });

/** Rows of the same grey value. */
function grey(value: number, rows: number, width: number): ArrayDataset<"unit"> {
  const values = new Float32Array(rows * width).fill(value);
  return dataset(values, { support: "unit", shape: [width] });
}

const upTo = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

function read(data: ArrayDataset, rows: readonly number[] = upTo(data.size), epoch = 0): number[] {
  return tf.tidy(() => [...data.rows(rows, epoch).x.dataSync()]);
}

Deno.test("binarize() with a threshold makes 1 of what lies above it", () => {
  const data = dataset([[0, 0.25, 0.5], [0.501, 1, 0.75]], { support: "unit" });
  assert.deepEqual(read(binarize(data, { threshold: 0.5 })), [0, 0, 0, 1, 1, 1]);
  assert.deepEqual(read(binarize(data, { threshold: 0 })), [0, 1, 1, 1, 1, 1]);
  assert.deepEqual(read(binarize(data, { threshold: 1 })), [0, 0, 0, 0, 0, 0]);
});

Deno.test("binarize() refuses a threshold that is not a finite number", () => {
  for (const threshold of [NaN, Infinity]) {
    assert.throws(() => binarize(grey(0.5, 1, 1), { threshold }), {
      name: "RangeError",
      message:
        `Cannot binarize as 'threshold' must be a finite number: current value is ${threshold}`,
    });
  }
});

Deno.test("binarize() refuses a threshold beside a seed", () => {
  // @ts-expect-error One of the two would say nothing.
  assert.throws(() => binarize(grey(0.5, 1, 1), { threshold: 0.5, seed: 1 }), {
    name: "RangeError",
    message: "Cannot binarize as 'threshold' and 'seed' must not both be given: " +
      "current value is 'both'",
  });
});

Deno.test("binarize() gives data of support 'binary', and wants grey or binary ones", () => {
  const bits = binarize(grey(0.5, 2, 3), { seed: 1 });
  const support: "binary" = bits.support;
  assert.deepEqual([support, bits.shape, bits.size], ["binary", [3], 2]);
  // @ts-expect-error: a real number is no probability
  binarize(dataset([[0.5]], { support: "real" }), { seed: 1 });
});

Deno.test("binarize() leaves 0 and 1 as they are, whatever the seed", () => {
  const data = dataset([[0, 1, 1], [1, 0, 0]], { support: "binary" });
  for (const from of upTo(20)) {
    assert.deepEqual(read(binarize(data, { seed: from })), [0, 1, 1, 1, 0, 0]);
  }
});

Deno.test("binarize() gives a row the same bits in one epoch, whatever the order", async () => {
  const rows = 12, width = 9, bits = binarize(grey(0.5, rows, width), { seed: 1 });
  const expected = (row: number): string => read(bits, [row], 3).join();
  const whole = read(bits, upTo(rows), 3), backwards = read(bits, upTo(rows).reverse(), 3);
  for (const row of upTo(rows)) {
    const from = (start: number): number => start * width;
    assert.equal(whole.slice(from(row), from(row + 1)).join(), expected(row));
    assert.equal(backwards.slice(from(rows - 1 - row), from(rows - row)).join(), expected(row));
    assert.equal(read(bits.subset([row]), [0], 3).join(), expected(row));
    const subset = binarize(grey(0.5, rows, width).subset([0, row]), { seed: seed(1) });
    assert.equal(read(subset, [1], 3).join(), expected(row));
  }
  const seen = new Set<string>();
  for await (const { x } of bits.batches({ size: 5, seed: seed(9), epoch: 3 })) {
    for (const row of x.arraySync() as number[][]) seen.add(row.join());
    x.dispose();
  }
  assert.deepEqual(seen, new Set(upTo(rows).map(expected)));
});

Deno.test("binarize() draws anew in every epoch, for every row and from every seed", () => {
  const data = grey(0.5, 2, 64), bits = binarize(data, { seed: 1 });
  const draws = [read(bits, [0], 0), read(bits, [1], 0), read(bits, [0], 1), read(bits, [0], 10)];
  draws.push(read(binarize(data, { seed: 2 }), [0], 0));
  assert.equal(new Set(draws.map((draw) => draw.join())).size, draws.length);
});

Deno.test("binarize() takes the grey value as the probability of 1", () => {
  for (const p of [0.01, 0.3, 0.5, 0.95]) {
    // An even and an odd width: the words of a row come in pairs.
    for (const width of [10, 7]) {
      const data = grey(p, 3000, width), bits = read(binarize(data, { seed: 4 }));
      assert(bits.every((bit) => bit === 0 || bit === 1));
      const deviation = Math.sqrt(p * (1 - p) / bits.length);
      assertWithin(NORMAL_BOUND, (mean(bits) - p) / deviation, `frequency of ${p}`);
    }
  }
});

Deno.test("binarize() draws bits that do not depend on each other", () => {
  for (const width of [1, 7, 8]) {
    const bits = binarize(grey(0.4, 3000, width), { seed: 5 }), all = upTo(3000);
    const now = read(bits), then = read(bits, all, 1);
    assertWithin(NORMAL_BOUND, correlation(now, then), `the next epoch, width ${width}`);
    // Up to the next row but one: no word may serve twice.
    for (let lag = 1; lag <= 3 * width; lag++) {
      const statistic = correlation(now.slice(lag), now.slice(0, -lag));
      assertWithin(NORMAL_BOUND, statistic, `${lag} bits further, width ${width}`);
    }
  }
});

Deno.test("binarize() makes 0 or 1 of what is missing", () => {
  const data = dataset([[NaN, 1]], { support: "unit", mask: [[0, 1]] });
  assert.deepEqual(read(binarize(data, { threshold: 0.5 })), [0, 1]);
  assert.deepEqual(read(binarize(data, { seed: 1 })), [0, 1]);
});

Deno.test("binarize() keeps no tensors", () => {
  const before = tf.memory().numTensors;
  tf.dispose(Object.values(binarize(grey(0.5, 4, 3), { seed: 1 }).rows([0, 1])));
  assert.equal(tf.memory().numTensors, before);
});
