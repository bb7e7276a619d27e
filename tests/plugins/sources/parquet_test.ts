import assert from "node:assert/strict";
import { parquetWriteBuffer } from "../../deps.ts";
import { refuses, rowsOf } from "../../helpers/files.ts";
import { inFolder } from "../../helpers/run.ts";
import { collect, sources, useBackend } from "../../../mod.ts";

await useBackend({ backend: "cpu" });

/** A file of some columns, in groups of three rows. */
function fileOf(
  columns: { readonly [name: string]: readonly unknown[] },
  options: { readonly [name: string]: unknown } = {},
): Uint8Array<ArrayBuffer> {
  const columnData = Object.entries(columns).map(([name, data]) => ({ name, data: [...data] }));
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 3, ...options }));
}

const ANIMALS = {
  age: [3, 7, 1, 2, 10],
  weight: [4.5, 30, 2.25, 3, 8.5],
  kind: ["cat", "dog", "cat", "cat", "dog"],
  vaccinated: [true, false, true, true, false],
  born: [1n, 2n, 3n, 4n, 5n],
};

Deno.test("sources.parquet() reads columns by name, group by group", async () => {
  const animals = sources.parquet(fileOf(ANIMALS), {
    columns: { weight: "positive", kind: ["cat", "dog"], vaccinated: "binary", born: "count" },
    condition: { kind: ["cat", "dog"] },
    offset: "age",
  });
  const support: { weight: "positive"; kind: "category"; vaccinated: "binary"; born: "count" } =
    animals.support;
  assert.deepEqual(await rowsOf(animals), {
    x: [[4.5, 0, 1, 1], [30, 1, 0, 2], [2.25, 0, 1, 3], [3, 0, 1, 4], [8.5, 1, 0, 5]],
    condition: [[1, 0], [0, 1], [1, 0], [1, 0], [0, 1]],
    offset: [3, 7, 1, 2, 10],
  });
  const data = await collect(animals);
  assert.deepEqual([data.size, data.support], [5, support]);
});

Deno.test("sources.parquet() reads files wherever they lie, and however they are packed", () =>
  inFolder(async (folder) => {
    const { age, weight } = ANIMALS, x = age.map((value, i) => [value, weight[i]]);
    for (const codec of ["SNAPPY", "UNCOMPRESSED"]) {
      const file = fileOf({ age, weight }, { codec }), path = `${folder}/${codec}.parquet`;
      await Deno.writeFile(path, file);
      for (const place of [file, path, new Blob([file])]) {
        assert.deepEqual(await rowsOf(sources.parquet(place)), { x });
      }
    }
  }));

Deno.test("sources.parquet() fetches the ranges of a URL that it needs", async () => {
  const file = fileOf({ a: [1, 2, 3, 4] });
  const ranges: string[] = [];
  const serve = ({ method, headers }: Request): Response => {
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.get("range") ?? "");
    if (range === null) {
      const headers = { "content-length": `${file.length}`, "accept-ranges": "bytes" };
      return new Response(method === "HEAD" ? null : file, { headers });
    }
    const [start, end] = [Number(range[1]), Number(range[2]) + 1];
    ranges.push(range[0]);
    return new Response(file.slice(start, end), {
      status: 206,
      headers: { "content-range": `bytes ${start}-${end - 1}/${file.length}` },
    });
  };
  const server = Deno.serve({ hostname: "localhost", port: 0, onListen: () => {} }, serve);
  try {
    const source = sources.parquet(`http://localhost:${server.addr.port}/a.parquet`);
    assert.deepEqual(await rowsOf(source), { x: [[1], [2], [3], [4]] });
    assert(ranges.length > 1);
  } finally {
    await server.shutdown();
  }
});

Deno.test("sources.parquet() masks null and NaN where it is told so", async () => {
  const file = fileOf({ a: [1.5, null, 2.5], b: [NaN, 3.5, 4.5] });
  assert.deepEqual(await rowsOf(sources.parquet(file, { missing: true })), {
    x: [[1.5, NaN], [NaN, 3.5], [2.5, 4.5]],
    mask: [[1, 0], [0, 1], [1, 1]],
  });
  await refuses(
    sources.parquet(file, { columns: ["a"] }),
    /column 'a' must be a number at row 1, or 'missing' must say that it is none/,
  );
});

Deno.test("sources.parquet() refuses what is no Parquet file, or has other columns", async () => {
  const file = fileOf(ANIMALS);
  await refuses(sources.parquet("no such file"), /the file must exist/);
  await refuses(sources.parquet(new Uint8Array(0)), /it must be whole, and Parquet/);
  await refuses(sources.parquet(file.slice(0, -1)), /it must be whole, and Parquet/);
  await refuses(sources.parquet(file.slice(20)), /it must be whole, and Parquet/);
  await refuses(sources.parquet(file, { columns: ["name"] }), /'name' must be one of its columns/);
  await refuses(sources.parquet(file), /column 'kind' must be a number at row 0: .* 'cat'/);
  const kinds = sources.parquet(file, { columns: { kind: ["cat"] } });
  await refuses(kinds, /column 'kind' must be one of 'cat' at row 1: current value is 'dog'/);
});
