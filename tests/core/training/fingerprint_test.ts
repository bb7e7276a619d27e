import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { fingerprintOf } from "../../../core/training/fingerprint.ts";
import { binarize, dataset, fit, resume, sources, stream, useBackend } from "../../../mod.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyModel } from "../../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

const rowOf = (row: number): number[] => Array.from({ length: 6 }, (_, i) => (row >> i) & 1);

/** Rows that come one by one; nobody knows how many there are. */
const streamed = (row: (row: number) => number[] = rowOf, told: number[] = []) =>
  stream(
    sources.from(function* () {
      for (let i = 0; i < 50; i++) {
        told.push(i);
        yield row(i);
      }
    }, { shape: [6] }),
    { support: "binary", shuffleBuffer: 8 },
  );

const rows = Array.from({ length: 50 }, (_, i) => rowOf(i));

Deno.test("the fingerprint of a stream is that of its rows, whatever is in its buffer", async () => {
  const before = tf.memory().numTensors, told: number[] = [];
  const data = await streamed(rowOf, told);
  const print = await fingerprintOf(data);
  assert.match(print, /^[0-9a-f]{64}$/);
  assert.equal(await fingerprintOf(data), print, "it is read anew");
  assert.equal(await fingerprintOf(dataset(rows, { support: "binary" })), print);
  // It rests on the first 32 rows, each of them, and on their order.
  for (const changed of [0, 31]) {
    const others = await streamed((i) => i === changed ? rowOf(i).map((bit) => 1 - bit) : rowOf(i));
    assert.notEqual(await fingerprintOf(others), print, `row ${changed}`);
  }
  assert.notEqual(await fingerprintOf(await streamed((i) => rowOf(31 - i))), print);
  assert.equal(await fingerprintOf(await streamed((i) => rowOf(i < 32 ? i : 0))), print);
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("the fingerprint has all that comes with the rows", async () => {
  const plain = dataset(rows, { support: "binary" });
  const condition = rows.map((_, i) => [i % 2, 1 - i % 2]);
  const mask = rows.map((row) => row.map((_, i) => Number(i > 0)));
  const prints = await Promise.all([
    plain,
    dataset(rows, { support: "binary", condition }),
    dataset(rows, { support: "binary", condition: condition.map(([a, b]) => [b!, a!]) }),
    dataset(rows, { support: "binary", mask }),
    dataset(rows.map((row) => [row.slice(0, 3), row.slice(3)]), { support: "binary" }),
  ].map((data) => fingerprintOf(data)));
  assert.equal(new Set(prints).size, prints.length);
});

Deno.test("a run on a stream goes on with the same rows alone", () =>
  inFolder(async (folder) => {
    const model = tinyModel(), data = binarize(await streamed(), { seed: 1 });
    const options = { steps: 9, batchSize: 8, signal: AbortSignal.abort() };
    await fit(model, data, { ...options, checkpoints: { folder } });
    model.dispose();
    const others = await streamed((i) => rowOf(i + 1));
    await assert.rejects(resume(folder, binarize(others, { seed: 1 })), {
      message: "Cannot resume as the first rows of the data must be those of the run: " +
        "current value is 'others'",
    });
    const resumed = await resume(folder, binarize(await streamed(), { seed: 1 }));
    assert.equal(resumed.steps, 9);
    resumed.model.dispose();
  }));
