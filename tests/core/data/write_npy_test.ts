import assert from "node:assert/strict";
import { allRows, embeddings, type Rows, sizeOf, writeNpy } from "../../../mod.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";

/** Rows 0, ¼, ½, … in chunks of some sizes. */
function* chunksOf(shape: readonly number[], sizes: readonly number[]): Generator<Rows> {
  let next = 0;
  for (const size of sizes) {
    yield {
      size,
      shape,
      values: Float32Array.from({ length: size * sizeOf(shape) }, () => next++ / 4),
    };
  }
}

/** What numpy 1.24 writes of the same numbers, down to its last space. */
async function expected(axes: string, headerLength: number, numbers: number): Promise<Uint8Array> {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${axes}, }`;
  const text = `${dictionary.padEnd(headerLength - 11, " ")}\n`;
  const bytes = [
    ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 0x01, 0x00], // \x93NUMPY, version 1.0
    ...[text.length % 256, Math.floor(text.length / 256)],
    ...new TextEncoder().encode(text),
  ];
  assert.equal(bytes.length, headerLength);
  const view = new DataView(new ArrayBuffer(4 * numbers));
  for (let i = 0; i < numbers; i++) view.setFloat32(4 * i, i / 4, true);
  return await new Blob([Uint8Array.from(bytes), view]).bytes();
}

// The lengths of the headers are those of numpy.save for arrays of these shapes.
for (
  const { shape, sizes, axes, headerLength } of [
    { shape: [2], sizes: [2, 1], axes: "(3, 2)", headerLength: 128 },
    { shape: [], sizes: [1, 1, 1], axes: "(3,)", headerLength: 128 },
    { shape: [3, 4], sizes: [2], axes: "(2, 3, 4)", headerLength: 128 },
    { shape: [2], sizes: [12000, 0, 345], axes: "(12345, 2)", headerLength: 128 },
    {
      shape: Array(14).fill(1),
      sizes: [1],
      axes: `(${Array(15).fill(1).join(", ")})`,
      headerLength: 192,
    },
  ]
) {
  Deno.test(`writeNpy() writes an array ${axes} byte by byte as numpy does`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/rows.npy`;
      const count = sizes.reduce((sum, size) => sum + size, 0);
      assert.equal(await writeNpy(path, chunksOf(shape, sizes)), count);
      const bytes = await Deno.readFile(path);
      assert.deepEqual(bytes, await expected(axes, headerLength, count * sizeOf(shape)));
    }));
}

Deno.test("writeNpy() writes what a model makes of data, in the place of what was there", () =>
  inFolder(async (folder) => {
    const model = tinyModel(), path = `${folder}/new/latents.npy`;
    await writeNpy(path, chunksOf([5], [100]));
    const rows = embeddings(model, tinyData(40), { batchSize: 16 });
    assert.equal(await writeNpy(path, rows), 40);
    const bytes = await Deno.readFile(path);
    const values = new Float32Array(bytes.slice(128).buffer);
    assert.deepEqual(values, (await allRows(rows)).values);
    model.dispose();
  }));

Deno.test("writeNpy() shows nobody a file that is not whole", () =>
  inFolder(async (folder) => {
    const path = `${folder}/rows.npy`;
    await writeNpy(path, chunksOf([1], [2]));
    const before = await Deno.readFile(path);
    function* broken(): Generator<Rows> {
      yield* chunksOf([1], [3]);
      assert.deepEqual(Deno.readFileSync(path), before, "the old one is there meanwhile");
      throw new Error("the reader broke down");
    }
    await assert.rejects(writeNpy(path, broken()), /the reader broke down/);
    assert.deepEqual(await Deno.readFile(path), before);
    assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["rows.npy"]);
  }));

Deno.test("writeNpy() refuses rows that do not make an array", () =>
  inFolder(async (folder) => {
    const path = `${folder}/rows.npy`;
    await assert.rejects(writeNpy(path, []), {
      name: "RangeError",
      message: "Cannot write rows as there must be at least one: current value is 0",
    });
    await assert.rejects(writeNpy(path, [...chunksOf([2], [1]), ...chunksOf([3], [1])]), {
      name: "TypeError",
      message: "Cannot write rows as all must have shape [2]: current value is [3]",
    });
    const short = { size: 2, shape: [2], values: new Float32Array(3) };
    await assert.rejects(writeNpy(path, [short]), {
      name: "TypeError",
      message: "Cannot write rows as 2 rows must have 4 numbers: current value is 3",
    });
    assert.deepEqual([...Deno.readDirSync(folder)], []);
    await Deno.writeTextFile(`${folder}/file`, "");
    await assert.rejects(
      writeNpy(`${folder}/file/rows.npy`, chunksOf([1], [1])),
      /Cannot write '.*rows.npy' as its folder must be one/,
    );
  }));
