import assert from "node:assert/strict";
import { pack, unpack } from "../../../examples/browser/build/packing.ts";
import { partRows } from "../../../examples/browser/worker/parts.ts";
import { difference } from "../../../examples/browser/worker/recent.ts";
import { parse, readTable } from "../../../examples/browser/worker/table.ts";

Deno.test("unpack() undoes pack()", () => {
  for (const bits of [1, 4] as const) {
    const most = 2 ** bits - 1;
    const values = Float32Array.from({ length: 2 * 784 }, (_, i) => (i * 7 % (most + 1)) / most);
    const digits = { values, classes: Uint8Array.of(3, 9) };
    assert.deepEqual(unpack(pack(digits, bits), bits), digits);
  }
});

Deno.test("parse() reads quotes, delimiters in them, and every kind of line end", () => {
  assert.deepEqual(parse('a,b\r\n"1,5","say ""no"""\n\n 2 ,"two\nlines"'), [
    ["a", "b"],
    ["1,5", 'say "no"'],
    ["2", "two\nlines"],
  ]);
  assert.deepEqual(parse("a;b\r1;2"), [["a", "b"], ["1", "2"]]);
});

Deno.test("readTable() finds out what each column holds, and masks what is missing", async () => {
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${i === 0 ? "NA" : 1.5 * i},${i},${i % 2},${["ash", "oak"][i % 2]},id${i},7`,
  );
  const text = ["height,7,alive,kind,label,constant", ...rows].join("\n");
  const data = await readTable(new File([text], "trees.csv"));
  assert.deepEqual(data.dataset.support, {
    height: "real",
    "column 2": "count",
    alive: "binary",
    kind: "category",
  });
  assert.deepEqual(data.columns![3]!.words, ["ash", "oak"]);
  assert.match(data.notes[0]!, /label, constant/);
  const { x, mask, ...others } = data.dataset.rows([0, 1]);
  assert.deepEqual(mask!.arraySync(), [[0, 1, 1, 1], [1, 1, 1, 1]]);
  assert.deepEqual((x.arraySync() as number[][])[1], [1.5, 1, 1, 1]);
  assert.equal(Object.keys(others).length, 0);
  x.dispose();
  mask!.dispose();
});

Deno.test("readTable() says what is wrong, and what to do", async () => {
  const refused = (text: string, message: RegExp) =>
    assert.rejects(readTable(new File([text], "t.csv")), (error: { advice: string } & Error) => {
      assert.match(error.message, message);
      assert.match(error.advice, /\w+ .+\./);
      return true;
    });
  const lines = Array.from({ length: 30 }, (_, i) => `${i},${i}`);
  await refused("a,b\n1,2", /1 rows .* too few/);
  await refused(["a,b", ...lines, "1"].join("\n"), /Row 31 .* has 1 cells; its header has 2/);
  await refused(["a,b", ...lines.map(() => "1,x")].join("\n"), /No column/);
  await refused("a\0b", /not text/);
});

Deno.test("partRows() puts every row into one part", () => {
  const { train, validation, test } = partRows(57);
  assert.deepEqual([train.length, validation.length, test.length], [47, 5, 5]);
  const all = [...train, ...validation, ...test].sort((a, b) => a - b);
  assert.deepEqual(all, Array.from({ length: 57 }, (_, i) => i));
});

Deno.test("difference() leaves the mean of the latest rows", () => {
  const ledger = (nats: number) => ({
    terms: [{
      name: "divergence",
      nats,
      contribution: -nats,
      estimator: "closed form",
      samples: 0,
    }],
    bound: { name: "elbo", nats: -nats },
    objective: -nats,
  } as const);
  // 10 rows with mean 4, then 30 with mean 8.
  const now = difference(ledger(7), 40, { rows: 10, ledger: ledger(4) });
  assert.equal(now.objective, -8);
  assert.equal(now.bound!.nats, -8);
  assert.equal(now.terms[0]!.contribution, -8);
  assert.deepEqual(difference(ledger(7), 40, { rows: 0 }), ledger(7));
});
