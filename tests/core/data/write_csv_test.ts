import assert from "node:assert/strict";
import { randomWords } from "../../../core/random.ts";
import {
  dataset,
  embeddings,
  imputations,
  likelihoods,
  presets,
  seed,
  writeCsv,
} from "../../../mod.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";

/** The text of the file that something writes. */
function written(write: (path: string) => Promise<unknown>): Promise<string> {
  return inFolder(async (folder) => {
    await write(`${folder}/rows.csv`);
    return await Deno.readTextFile(`${folder}/rows.csv`);
  });
}

Deno.test("writeCsv() writes a line of names, and a line for every row", async () => {
  const chunks = [
    { size: 2, shape: [2], values: Float32Array.of(0.1, -2, 3.25e-7, 1e20) },
    { size: 1, shape: [2], values: Float32Array.of(0, NaN) },
  ];
  assert.equal(
    await written(async (path) => assert.equal(await writeCsv(path, chunks), 3)),
    "x0,x1\n0.1,-2\n3.25e-7,100000000000000000000\n0,NaN\n",
  );
  const columns = ["a,b", 'so "called"'];
  assert.match(
    await written((path) => writeCsv(path, chunks, { columns })),
    /^"a,b","so ""called"""\n0.1,-2\n/,
  );
  const numbers = [{ size: 2, shape: [], values: Float32Array.of(1, 2) }];
  assert.equal(await written((path) => writeCsv(path, numbers)), "x\n1\n2\n");
  const matrix = [{ size: 1, shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }];
  assert.equal(await written((path) => writeCsv(path, matrix)), "x0_0,x0_1,x1_0,x1_1\n1,2,3,4\n");
});

Deno.test("writeCsv() writes numbers that read back as the same float32", async () => {
  // Any 20,000 floats: every word is one.
  const words = randomWords(seed(1), 20000), floats = new Float32Array(words.buffer, 0, 20000);
  const values = floats.filter(Number.isFinite);
  const text = await written((path) =>
    writeCsv(path, [{ size: values.length, shape: [], values }])
  );
  const lines = text.trim().split("\n").slice(1);
  assert.equal(lines.length, values.length);
  lines.forEach((line, i) => assert.equal(Math.fround(Number(line)), values[i], line));
  const shown = await written((path) =>
    writeCsv(path, [{ size: 3, shape: [], values: Float32Array.of(0.1, 1 / 3, 16777217) }])
  );
  assert.equal(shown, "x\n0.1\n0.33333334\n16777216\n");
});

Deno.test("writeCsv() takes the names that streams bring along", async () => {
  const model = tinyModel();
  const latents = await written((path) => writeCsv(path, embeddings(model, tinyData(3))));
  assert.match(latents, /^z0,z1\n(-?[\d.e-]+,-?[\d.e-]+\n){3}$/);
  model.dispose();

  const columns = { age: likelihoods.normal(), job: likelihoods.categorical({ categories: 2 }) };
  const table = presets.tabularVae({ columns, latent: 1, hidden: [4] });
  const people = dataset([[3, 1]], { support: table.support, mask: [[1, 0]] });
  const filled = await written((path) => writeCsv(path, imputations(table, people, { seed: 1 })));
  assert.match(filled, /^age,job\n3,[01]\n$/);
  table.dispose();
});

Deno.test("writeCsv() refuses names that are not as many as the columns, and no rows", () =>
  inFolder(async (folder) => {
    const path = `${folder}/rows.csv`, chunk = { size: 1, shape: [2], values: new Float32Array(2) };
    await assert.rejects(writeCsv(path, [chunk], { columns: ["a"] }), {
      name: "RangeError",
      message: "Cannot write rows as 'columns' must name all 2 columns: current value is [a]",
    });
    await assert.rejects(writeCsv(path, []), /there must be at least one: current value is 0/);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("writeCsv() writes words for codes", async () => {
  const rows = [{ size: 2, shape: [2], values: Float32Array.of(1, 0, 2, 1) }];
  const options = { columns: ["age", "kind"], words: { kind: ["cat", "dog, small"] } };
  assert.equal(
    await written((path) => writeCsv(path, rows, options)),
    'age,kind\n1,cat\n2,"dog, small"\n',
  );
  const refused = (words: Readonly<Record<string, string[]>>, error: RegExp) =>
    assert.rejects(written((path) => writeCsv(path, rows, { ...options, words })), error);
  await refused({ kind: ["cat"] }, /every code of 'kind' must be one of 0 … 0: current value is 1/);
  await refused(
    { job: [] },
    /there must be a column 'job' for its words: current value is \[age, /,
  );
});
