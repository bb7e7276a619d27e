import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { bytesOf, concat, gzip } from "../../helpers/file_bytes.ts";
import { refuses, rowsOf } from "../../helpers/files.ts";
import { collect, type Source, sources, stream, useBackend } from "../../../mod.ts";

await useBackend({ backend: "cpu" });

const csv = (text: string, options: Parameters<typeof sources.csv>[1] = {}): Source =>
  sources.csv(bytesOf(text), options);

Deno.test("sources.csv() reads all columns as real numbers unless told", async () => {
  const x = [[1, -2.5], [0.001, 300], [0.5, 7]];
  const text = "a,b\n1,-2.5\n1e-3,3E+2\n.5, 7. \n";
  const expected = x.map((row) => row.map(Math.fround));
  assert.deepEqual(await rowsOf(csv(text)), { x: expected });
  assert.deepEqual(await rowsOf(csv(text.trimEnd())), { x: expected });
  assert.deepEqual(await rowsOf(csv(text.replaceAll("\n", "\r\n"))), { x: expected });
  assert.deepEqual(await rowsOf(csv(text.replaceAll("\n", "\r"))), { x: expected });
  assert.deepEqual(await rowsOf(csv(`\ufeff${text}\n\n`)), { x: expected });
  const packed = sources.csv(await gzip(bytesOf(text)));
  assert.deepEqual(await rowsOf(packed), { x: expected });
  const tabs = csv(text.replaceAll(",", "\t"), { delimiter: "\t" });
  assert.deepEqual(await rowsOf(tabs), { x: expected });
});

Deno.test("sources.csv() reads columns by name, each with its support", async () => {
  const text = "name,age,kind,vaccinated,weight\nMinka,3,cat,true,4.5\nRex,7,dog,FALSE,30\n";
  const animals = sources.csv(bytesOf(text), {
    columns: { weight: "positive", kind: ["cat", "dog"], vaccinated: "binary", age: "count" },
  });
  const support: { weight: "positive"; kind: "category"; vaccinated: "binary"; age: "count" } =
    animals.support;
  assert.deepEqual(Object.keys(support), ["weight", "kind", "vaccinated", "age"]);
  assert.deepEqual(await rowsOf(animals), { x: [[4.5, 0, 1, 3], [30, 1, 0, 7]] });
  const data = await collect(animals);
  assert.deepEqual([data.support, data.categories], [support, { kind: 2 }]);
  // The words are known before the rows are.
  assert.deepEqual((await stream(animals)).categories, { kind: 2 });
  const some = csv(text, { columns: ["age", "weight"] });
  assert.deepEqual(await rowsOf(some), { x: [[3, 4.5], [7, 30]] });
  const others = csv(text, { omit: ["name", "kind", "vaccinated"] });
  assert.deepEqual(await rowsOf(others), { x: [[3, 4.5], [7, 30]] });
  await refuses(csv(text, { omit: ["nme"] }), /'nme' must be one of its columns/);
});

Deno.test("sources.csv() has conditions and offsets of its own columns", async () => {
  const text = "depth,batch,dose,g1,g2\n0.5,b,1,3,4\n1.5,a,2,5,6\n";
  const cells = csv(text, { condition: { batch: ["a", "b", "c"], dose: "real" }, offset: "depth" });
  assert.deepEqual(await rowsOf(cells), {
    x: [[3, 4], [5, 6]],
    condition: [[0, 1, 0, 1], [1, 0, 0, 2]],
    offset: [0.5, 1.5],
  });
  const plain = csv(text, { columns: ["g1"], condition: ["dose"] });
  assert.deepEqual(await rowsOf(plain), { x: [[3], [5]], condition: [[1], [2]] });
});

Deno.test("sources.csv() masks the words that say that an entry is missing", async () => {
  const text = "a,b\n1,NA\n ,2\nx,y\n";
  const source = csv(text, { columns: { a: "real", b: ["2", "y"] }, missing: ["", "NA", "x"] });
  assert.deepEqual(await rowsOf(source), {
    x: [[1, NaN], [NaN, 0], [NaN, 1]],
    mask: [[1, 0], [0, 1], [0, 1]],
  });
  await refuses(
    csv(text),
    /TypeError: .*column 'b' must be a number at row 0, or 'missing' must say that it is none: .* 'NA'/,
  );
  const condition = csv(text, { columns: ["b"], condition: ["a"], missing: ["", "NA", "x"] });
  await refuses(condition, /column 'a' must not be missing at row 1/);
});

Deno.test("sources.csv() reads quoted cells, whatever is in them", async () => {
  const text = 'a,"the ""kind"", say",b\n1,"x, y\n""z""",2\n3,"",4\n';
  const words = ['x, y\n"z"', ""];
  const source = csv(text, { columns: { a: "real", 'the "kind", say': words, b: "real" } });
  assert.deepEqual(await rowsOf(source), { x: [[1, 0, 2], [3, 1, 4]] });
});

Deno.test("sources.csv() has rows in any number of blocks", async () => {
  const x = Array.from({ length: 40_000 }, (_, i) => [i, i % 7]);
  // A quote, a line break or a letter of several bytes stands at every place of a block's end.
  const lines = x.map(([a, b]) => `${a},"é\r\n",${b}\r\n`);
  const text = `a,word,b\r\n${lines.join("")}`;
  assert(text.length > 3 * 2 ** 17);
  const { x: rows } = await rowsOf(csv(text, { columns: ["a", "b"] }));
  assert.deepEqual(rows, x);
});

Deno.test("sources.csv() knows its size where it is told, and holds to it", async () => {
  const text = "a\n1\n2\n";
  assert.equal((await stream(csv(text))).size, undefined);
  assert.equal((await stream(csv(text, { size: 2 }))).size, 2);
  await refuses(csv(text, { size: 3 }), /it must have 3 rows: current value is 2/);
});

Deno.test("sources.csv() refuses what is no table, and says in which row and column", async () => {
  await refuses(csv(""), /it must have a line of names/);
  await refuses(csv("\n\n"), /it must have a line of names/);
  await refuses(csv("a,b\n"), /it must have at least one row: current value is 0/);
  await refuses(csv("a,b\n1,2\n3\n"), /row 1 must have 2 cells, as its header has: .* 1$/);
  await refuses(csv("a,b\n1,2,3\n"), /row 0 must have 2 cells, as its header has: .* 3$/);
  for (const word of ["old", "1,5", "0x10", "1_000", "Infinity", "1e", "--1", "１"]) {
    const source = csv(`a;b\n1;2\n3;${word}\n`, { delimiter: ";" });
    await refuses(source, /TypeError: .*column 'b' must be a number at row 1/);
  }
  await refuses(csv("a,b\n1,1e300\n"), /'x' must be finite .* at row 0, column 'b': .* Infinity/);
  const typed = csv("a,b\n1,2\n2,0.5\n", { columns: { a: "real", b: "count" } });
  await refuses(typed, /'x' must be a count .* at row 1, column 'b': current value is 0.5/);
  const kind = csv("kind\ncat\nbird\n", { columns: { kind: ["cat", "dog"] } });
  await refuses(
    kind,
    /column 'kind' must be one of 'cat', 'dog' at row 1: current value is 'bird'/,
  );
  await refuses(csv("a\n1\n", { columns: ["b"] }), /'b' must be one of its columns: .* \[a\]/);
  await refuses(csv("a,a\n1,2\n"), /must have names of their own: current value is 'a'/);
  await refuses(csv("a\n1\n", { columns: { a: ["1", "1"] } }), /words .* must be different ones/);
  await refuses(csv("a\n1\n", { condition: ["a"] }), /it must have columns of data/);
  await refuses(csv("a\n1\n", { delimiter: '"' }), /'delimiter' must be one sign/);
  await refuses(csv('a,b\n1,"2\n3,4\n'), /the quotes of row 0 must be closed/);
  await refuses(csv('a,b\n1,2\n"3"x,4\n'), /the quotes of row 1 must be closed/);
  const latin = concat(bytesOf("a\n"), Uint8Array.of(0xe9), bytesOf("\n"));
  await refuses(sources.csv(latin), /it must be text in UTF-8/);
});

Deno.test("sources.csv() refuses a quote that is never closed before it holds all the rest", async () => {
  await refuses(csv(`a\n"${"1\n".repeat(2 ** 22)}`), /row 0 must have at most \d+ letters/);
});

Deno.test("sources.words() finds the words of a column", async () => {
  const text = bytesOf("id,kind\n1,dog\n2, cat\n3,NA\n4,dog\n");
  assert.deepEqual(await sources.words(text, "kind"), ["NA", "cat", "dog"]);
  const words = await sources.words(text, "kind", { missing: ["NA"] });
  assert.deepEqual(words, ["cat", "dog"]);
  const source = sources.csv(text, { columns: { id: "count", kind: words }, missing: ["NA"] });
  assert.deepEqual((await rowsOf(source)).x, [[1, 1], [2, 0], [3, NaN], [4, 1]]);
  await assert.rejects(sources.words(text, "colour"), /'colour' must be one of its columns/);
  const many = bytesOf(`id\n${Array.from({ length: 10_001 }, (_, i) => i).join("\n")}`);
  await assert.rejects(sources.words(many, "id"), /at most 10000 different words/);
});

Deno.test("a row of which nothing is observed is refused, in memory and in a stream", async () => {
  const source = () => sources.csv(bytesOf("a,b\n1,2\nNA,NA\n"), { missing: ["NA"] });
  await assert.rejects(
    collect(source()),
    /'mask' must have a 1 in row 1: current value is \[0, 0\]/,
  );
  const rows = await stream(source());
  await assert.rejects(async () => {
    for await (const batch of rows.batches({ size: 2 })) tf.dispose(Object.values(batch));
  }, /'mask' must have a 1 in row 1/);
});

Deno.test("an empty line of a single column is an empty cell, but not at the end", async () => {
  const text = "\n\na\n1\n\n3\n\n\n";
  const missing = { columns: { a: "count" as const }, missing: [""] };
  const words = sources.csv(bytesOf(text), { columns: { a: ["", "1", "3"] } });
  assert.deepEqual((await rowsOf(words)).x, [[1], [0], [2]]);
  await assert.rejects(collect(csv(text)), /row 1/);
  await assert.rejects(collect(sources.csv(bytesOf(text), missing)), /must have a 1 in row 1/);
});

Deno.test("empty lines at the end are none of the table, however many blocks of them there are", async () => {
  const many = "\n".repeat(3 * 2 ** 17), columns = { a: ["", "1", "2"] };
  const before = await collect(sources.csv(bytesOf(`a\n1\n\n2\n${many}`), { columns }));
  assert.equal(before.size, 3);
  const between = await collect(sources.csv(bytesOf(`a\n1\n${many}2\n${many}`), { columns }));
  assert.equal(between.size, 3 * 2 ** 17 + 2);
  const last = between.rows([0, 1, between.size - 2, between.size - 1]);
  assert.deepEqual(last.x.arraySync(), [[1], [0], [0], [2]]);
  last.x.dispose();
});
