import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { type Seed, seed } from "../../../core/random.ts";
import {
  binarize,
  collect,
  type Dataset,
  type Source,
  sources,
  split,
  stream,
  type StreamDataset,
  type StreamOptions,
  type Support,
  useBackend,
} from "../../../mod.ts";
import { bytesOf, gzip, idxFile } from "../../helpers/file_bytes.ts";
import { batchesOf, refuses } from "../../helpers/files.ts";
import { inFolder } from "../../helpers/run.ts";
import { assertWithin, correlation, NORMAL_BOUND } from "../../helpers/statistics.ts";

await useBackend({ backend: "cpu" });

const upTo = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

/** Rows of one number each, 0 … size − 1, that can be read anywhere. */
const numbers = (size: number): Source => sources.npy(npy(upTo(size)));

function npy(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length},)}`;
  const text = bytesOf(header), data = new Uint8Array(Float32Array.from(values).buffer);
  return Uint8Array.of(0x93, ...bytesOf("NUMPY"), 1, 0, text.length, 0, ...text, ...data);
}

/** The same rows, which can only be read from the first one on. */
const oneByOne = (size: number): Source =>
  sources.from(() => upTo(size).map((value) => [value]), { shape: [1] });

interface Order {
  readonly size?: number;
  readonly seed?: Seed;
  readonly epoch?: number;
  readonly start?: number;
}

/** The rows of an epoch, batch by batch. */
async function epoch(data: Dataset, order: Order = {}): Promise<number[][]> {
  const batches = await batchesOf(data, { size: 7, ...order });
  return batches.map(({ x }) => (x as number[][]).flat());
}

Deno.test("stream() has the rows in their order, epoch after epoch", async () => {
  for (const source of [numbers(10), oneByOne(10)]) {
    const data = await stream(source);
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(await epoch(data, { size: 4 }), [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]);
    }
    assert.deepEqual(await epoch(data, { size: 99 }), [upTo(10)]);
  }
  assert.equal((await stream(numbers(10))).size, 10);
  assert.equal((await stream(oneByOne(10))).size, undefined);
});

Deno.test("stream() shuffles by seed and epoch, and has every row once", async () => {
  for (const source of [numbers(100), oneByOne(100)]) {
    for (const shuffleBuffer of [undefined, 10, 1000]) {
      const data = await stream(source, { shuffleBuffer });
      const order = async (from: number, number: number): Promise<string> => {
        const rows = (await epoch(data, { seed: seed(from), epoch: number })).flat();
        assert.deepEqual(rows.toSorted((a, b) => a - b), upTo(100));
        return rows.join();
      };
      assert.equal(await order(1, 0), await order(1, 0));
      const orders = [await order(1, 0), await order(1, 1), await order(2, 0), await order(2, 1)];
      assert.equal(new Set([...orders, upTo(100).join()]).size, 5);
    }
  }
});

Deno.test("stream() holds a row back no further than its buffer allows", async () => {
  const data = await stream(oneByOne(1000), { shuffleBuffer: 10 });
  const rows = (await epoch(data, { seed: seed(3) })).flat();
  // The n-th row to leave is one of the first n + 10.
  assert(rows.every((row, place) => row < place + 10));
  assert(rows.some((row, place) => row > place + 5));
});

Deno.test("stream() mixes a sorted file that can be read anywhere, however small the buffer", async () => {
  // More than a hundred blocks of rows, and a buffer of as many rows as one of them.
  const width = 4096, rows = 8192, file = new Uint8Array(16 + rows * width).fill(7);
  file.set(idxFile([rows, 64, 64], []));
  for (let row = 0; row < rows; row++) file[16 + row * width] = row >> 5;
  const data = await stream(sources.idx(file), { shuffleBuffer: 64 });
  const first: number[] = [];
  for await (const { x } of data.batches({ size: 256, seed: seed(5) })) {
    first.push(...tf.tidy(() => tf.slice(x, [0, 0, 0], [-1, 1, 1]).dataSync()));
    x.dispose();
  }
  assert.equal(first.length, rows);
  // Rows of a block come together: what is independent are the 128 blocks.
  const statistic = correlation(first, upTo(rows)) * Math.sqrt(128 / rows);
  assertWithin(NORMAL_BOUND, statistic, "place and row");
});

Deno.test("stream() draws every order of its buffer equally often", async () => {
  const data = await stream(oneByOne(3), { shuffleBuffer: 3 });
  const counts = new Map<string, number>();
  const times = 3000;
  for (let i = 0; i < times; i++) {
    const order = (await epoch(data, { seed: seed(11), epoch: i })).flat().join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  const expected = times / 6, deviation = Math.sqrt(expected * 5 / 6);
  for (const [order, count] of counts) {
    assertWithin(NORMAL_BOUND, (count - expected) / deviation, order);
  }
});

Deno.test("Dataset.batches() of a stream passes over batches that were taken before", async () => {
  const sourceOf = [numbers(100), oneByOne(100)];
  for (const source of sourceOf) {
    const whole = await stream(source, { shuffleBuffer: 20 });
    for (const data of [whole, whole.where((row) => row % 3 > 0), whole.range(5, 90)]) {
      for (const order of [{}, { seed: seed(1), epoch: 2 }]) {
        const batches = await epoch(data, order);
        for (const start of [0, 1, 5, batches.length - 1, batches.length, 99]) {
          assert.deepEqual(await epoch(data, { ...order, start }), batches.slice(start));
        }
      }
    }
  }
});

Deno.test("stream() reads nothing of what is passed over, where it can", async () => {
  let read = 0;
  const inner = numbers(1000);
  const counted: Source = {
    ...inner,
    open: async () => {
      const contents = await inner.open();
      return {
        ...contents,
        async *read(ranges) {
          for await (const rows of contents.read(ranges)) {
            read += rows.size;
            yield rows;
          }
        },
      };
    },
  };
  const data = await stream(counted);
  await epoch(data, { size: 100, start: 9 });
  assert.equal(read, 100);
});

Deno.test("StreamDataset.range() and where() choose rows by their numbers", async () => {
  for (const source of [numbers(30), oneByOne(30)]) {
    const data = await stream(source);
    const rows = async (some: StreamDataset): Promise<number[]> => (await epoch(some)).flat();
    assert.deepEqual(await rows(data.range(3, 6)), [3, 4, 5]);
    assert.deepEqual(await rows(data.range(27)), [27, 28, 29]);
    assert.deepEqual(await rows(data.range(3, 20).range(10, 12)), [10, 11]);
    assert.deepEqual(await rows(data.where((row) => row % 10 === 4)), [4, 14, 24]);
    assert.deepEqual(await rows(data.range(10).where((row) => row % 10 === 4)), [14, 24]);
    const shuffled = await epoch(data.range(5, 9), { seed: seed(1) });
    assert.deepEqual(shuffled.flat().toSorted(), [5, 6, 7, 8]);
    await assert.rejects(rows(data.where(() => false)), /must have at least one row/);
    for (const [start, end] of [[-1, 3], [2, 2], [0.5, 3], [NaN, NaN]]) {
      assert.throws(() => data.range(start!, end), /'start' must be an integer below 'end'/);
    }
  }
  const data = await stream(numbers(30));
  assert.deepEqual(
    [data.range(3, 6), data.range(27, 99), data.where((row) => row % 10 === 4)].map(
      ({ size }) => size,
    ),
    [3, 3, 3],
  );
});

Deno.test("split() divides a stream into shares, each row always into the same one", async () => {
  const data = await stream(numbers(2000));
  const parts = split(data, { train: 0.7, validation: 0.2, test: 0.1 }, { seed: 4 });
  const rows = await Promise.all(
    Object.values(parts).map(async (part) => (await epoch(part, { size: 64 })).flat()),
  );
  assert.deepEqual(rows.flat().toSorted((a, b) => a - b), upTo(2000));
  for (const [i, share] of [0.7, 0.2, 0.1].entries()) {
    const deviation = Math.sqrt(2000 * share * (1 - share));
    assertWithin(NORMAL_BOUND, (rows[i]!.length - 2000 * share) / deviation, `${share}`);
  }
  assert.deepEqual(Object.values(parts).map(({ size }) => size), rows.map(({ length }) => length));
  // Whatever else is done with them, and also where the size is not known.
  const others = split(await stream(oneByOne(2000)), { train: 0.7, rest: 0.3 }, { seed: 4 });
  assert.deepEqual((await epoch(others.train, { size: 64 })).flat(), rows[0]);
  const again = split(data, { train: 0.7 }, { seed: 5 });
  assert.notDeepEqual((await epoch(again.train, { size: 64 })).flat(), rows[0]);
  assert.throws(() => split(data, { a: 0.7, b: 0.4 }, { seed: 1 }), /shares must not exceed 1/);
  assert.throws(() => split(data, { a: 0 }, { seed: 1 }), /'a' must be a positive number/);
});

Deno.test("binarize() gives a stream the bits that the same rows have in memory", async () => {
  const values = upTo(60).map((i) => (i * 37) % 256);
  const options = { support: "unit", scale: 1 / 255 } as const;
  const source = sources.idx(idxFile([20, 3], values));
  const [memory, streamed] = [await collect(source, options), await stream(source, options)];
  for (const how of [{ seed: 7 }, { threshold: 0.5 }] as const) {
    for (const number of [0, 1]) {
      const order = { size: 4, epoch: number };
      const bits: "binary" = binarize(streamed, how).support;
      assert.equal(bits, "binary");
      assert.deepEqual(
        await batchesOf(binarize(streamed, how), order),
        await batchesOf(binarize(memory, how), order),
      );
      // A row keeps its bits, whatever its place.
      const shuffled = await batchesOf(binarize(streamed, how), { ...order, seed: seed(1) });
      const text = (batches: Record<string, unknown[]>[]) =>
        batches.flatMap(({ x }) => x!.map(String)).toSorted();
      const plain = await batchesOf(binarize(memory, how), order);
      assert.deepEqual(text(shuffled), text(plain));
    }
  }
});

Deno.test("StreamDataset.mapped() changes rows as they are read, by their number and epoch", async () => {
  const data = (await stream(numbers(10))).range(5).mapped("count", (values, row, epoch) => {
    values[0]! += 100 * row + 1000 * epoch;
  });
  assert.equal(data.support, "count");
  assert.deepEqual(await epoch(data, { size: 2, epoch: 1 }), [[1505, 1606], [1707, 1808], [1909]]);
  const twice = data.mapped("real", (values) => void (values[0]! *= 2));
  assert.deepEqual((await epoch(twice, { size: 1 }))[0], [1010]);
  const wrong = data.mapped("binary", () => {});
  await assert.rejects(
    epoch(wrong),
    /Cannot read 'bytes' as 'x' must be 0 or 1 \(support 'binary'\) at row 5, position \[0\]/,
  );
});

Deno.test("stream() and collect() take what comes with the rows from other sources", async () => {
  const x = sources.idx(idxFile([5, 2], upTo(10)));
  const options = {
    condition: sources.oneHot(sources.idx(idxFile([5], [0, 1, 2, 1, 0])), 3),
    mask: sources.from(() => upTo(5).map((i) => [1, i % 2]), { shape: [2] }),
    offset: numbers(5),
  } satisfies StreamOptions<Support>;
  const memory = await collect(x, options), streamed = await stream(x, options);
  assert.deepEqual([memory.condition, streamed.condition], [[3], [3]]);
  const batches = await batchesOf(streamed, { size: 2 });
  assert.deepEqual(batches, await batchesOf(memory, { size: 2 }));
  assert.deepEqual(batches[1], {
    x: [[4, 5], [6, 7]],
    condition: [[0, 0, 1], [0, 1, 0]],
    mask: [[1, 0], [1, 1]],
    offset: [2, 3],
  });
  // Shuffled, every row keeps its own.
  for await (const batch of streamed.batches({ size: 5, seed: seed(2) })) {
    const rows = batch.x.arraySync() as number[][], offsets = batch.offset!.arraySync() as number[];
    assert.deepEqual(rows.map(([first]) => first! / 2), offsets);
    tf.dispose(Object.values(batch));
  }
});

Deno.test("stream() refuses what does not fit the rows", async () => {
  const x = sources.idx(idxFile([5, 2], upTo(10)));
  await refuses(x, /'condition' must have 5 rows: current value is 4/, { condition: numbers(4) });
  const short = oneByOne(4), long = oneByOne(6);
  await refuses(x, /'offset' must have as many rows as 'x': current value is 4/, { offset: short });
  await refuses(x, /'x' must have as many rows as 'offset': current value is 5/, { offset: long });
  await refuses(x, /TypeError: .*'mask' must have rows of shape \[2\]/, { mask: oneByOne(5) });
  await refuses(x, /TypeError: .*'offset' must have rows of shape \[\]/, { offset: x });
  await refuses(x, /'mask' must be 0 or 1 .* at row 1, position \[0\]: current value is 2/, {
    mask: x,
  });
  await refuses(x, /TypeError: .*'shape' must have as many entries as \[2\]/, { shape: [3] });
  await refuses(x, /'scale' must be a finite number/, { scale: NaN });
  await refuses(x, /'support' must be one of/, { support: "grey" as "unit" });
  const own = sources.csv(bytesOf("a,b\n1,2\n"), { condition: ["b"] });
  await refuses(own, /'condition' must not be given twice/, { condition: numbers(1) });
  await assert.rejects(stream("x.idx" as unknown as Source), /they must be a source, as in/);
  await assert.rejects(
    stream(x, { shuffleBuffer: 0 }),
    /'shuffleBuffer' must be a positive integer/,
  );
  await assert.rejects(stream(x, { prefetch: -1 }), /'prefetch' must be a non-negative integer/);
  const data = await stream(x);
  await assert.rejects(epoch(data, { size: 0 }), /'size' must be a positive integer/);
  await assert.rejects(epoch(data, { start: -1 }), /'start' must be a non-negative integer/);
});

Deno.test("stream() gives rows another shape", async () => {
  const source = sources.idx(idxFile([2, 4], upTo(8)));
  const data = await stream(source, { shape: [2, 2, 1] });
  assert.deepEqual(data.shape, [2, 2, 1]);
  const [batch] = await batchesOf(data, { size: 1 });
  assert.deepEqual(batch!.x, [[[[0], [1]], [[2], [3]]]]);
  assert.deepEqual((await collect(source, { shape: [2, 2, 1] })).shape, [2, 2, 1]);
});

Deno.test("stream() notices a file that changes between two epochs", () =>
  inFolder(async (folder) => {
    const path = `${folder}/rows.idx`;
    await Deno.writeFile(path, idxFile([4, 2], upTo(8)));
    const data = await stream(sources.idx(path));
    assert.equal((await epoch(data)).flat().length, 8);
    await Deno.truncate(path, 12 + 5);
    await assert.rejects(epoch(data), /must have 4 rows: current value is 2/);
    await Deno.remove(path);
    await assert.rejects(epoch(data), /the file must exist/);
  }));

Deno.test("stream() reads ahead, and no further than it was told", async () => {
  let read = 0;
  function* rows(): Generator<number[]> {
    for (; read < 100; read++) yield [read];
  }
  for (const prefetch of [0, 3]) {
    read = 0;
    const data = await stream(sources.from(rows, { shape: [1] }), { prefetch });
    for await (const { x } of data.batches({ size: 5 })) {
      x.dispose();
      await new Promise((resolve) => setTimeout(resolve, 20));
      // The batch that was taken, and those that wait; the last row is counted with the next one.
      assert.equal(read, 5 * (1 + prefetch) - 1);
      break;
    }
  }
});

Deno.test("stream() lets go of its file and its tensors, however an epoch ends", () =>
  inFolder(async (folder) => {
    const path = `${folder}/rows.idx.gz`;
    await Deno.writeFile(path, await gzip(idxFile([1000, 2], upTo(2000).map((i) => i % 256))));
    const before = tf.memory().numTensors;
    const data = await stream(sources.idx(path), { support: "count" });
    for (let time = 0; time < 5; time++) {
      for await (const { x } of data.batches({ size: 10, seed: seed(time) })) {
        x.dispose();
        break;
      }
      const wrong = data.mapped("binary", () => {});
      await assert.rejects(epoch(wrong), /support 'binary'/);
    }
    assert.equal(tf.memory().numTensors, before);
  }));
