import assert from "node:assert/strict";
import { fc } from "../../deps.ts";
import { concat, gzip, idxFile } from "../../helpers/file_bytes.ts";
import { refuses, rowsOf } from "../../helpers/files.ts";
import { inFolder } from "../../helpers/run.ts";
import { sources, useBackend } from "../../../mod.ts";

await useBackend({ backend: "cpu" });

const SIX = [0, 1, 2, 3, 4, 255];

Deno.test("sources.idx() reads every type of number, packed or not", async () => {
  const types = {
    Uint8: SIX,
    Int8: [-128, -1, 0, 1, 2, 127],
    Int16: [-32768, -1, 0, 1, 258, 32767],
    Int32: [-(2 ** 31), -1, 0, 1, 65538, 2 ** 24],
    Float32: [-1.5, 0, 0.25, 1, 2 ** -20, 1e30],
    Float64: [-1.5, 0, 0.25, 1, 2 ** -20, 2 ** 100],
  } as const;
  for (const [type, values] of Object.entries(types)) {
    const file = idxFile([3, 2], values, type as keyof typeof types);
    const x = [0, 2, 4].map((i) => [Math.fround(values[i]!), Math.fround(values[i + 1]!)]);
    assert.deepEqual(await rowsOf(sources.idx(file)), { x }, type);
    assert.deepEqual(await rowsOf(sources.idx(await gzip(file))), { x }, `${type}, packed`);
  }
});

Deno.test("sources.idx() reads pictures, labels, and files wherever they lie", () =>
  inFolder(async (folder) => {
    const pictures = idxFile([2, 1, 3], SIX), x = [[[0, 1, 2]], [[3, 4, 255]]];
    const path = `${folder}/pictures`, packed = `${folder}/pictures.gz`;
    await Deno.writeFile(path, pictures);
    await Deno.writeFile(packed, await gzip(pictures));
    const url = new URL(`../../../${path}`, import.meta.url);
    const places = [path, packed, url, pictures.buffer, new Blob([pictures])];
    for (const place of places) assert.deepEqual(await rowsOf(sources.idx(place)), { x });
    const labels = sources.idx(idxFile([3], [7, 0, 2]));
    assert.deepEqual(await rowsOf(labels), { x: [[7], [0], [2]] });
  }));

Deno.test("sources.idx() is fetched from a server, packed or not", async () => {
  const file = idxFile([2, 3], SIX), packed = await gzip(file);
  const server = Deno.serve({ hostname: "localhost", port: 0, onListen: () => {} }, ({ url }) => {
    if (url.endsWith("/missing")) return new Response("no such file", { status: 404 });
    return new Response(url.endsWith(".gz") ? packed : file);
  });
  try {
    const root = `http://localhost:${server.addr.port}`;
    const x = [[0, 1, 2], [3, 4, 255]];
    assert.deepEqual(await rowsOf(sources.idx(`${root}/digits`)), { x });
    assert.deepEqual(await rowsOf(sources.idx(new URL(`${root}/digits.gz`))), { x });
    const missing = sources.idx(`${root}/missing`);
    await refuses(missing, /the server must answer with it: current value is 404/);
  } finally {
    await server.shutdown();
  }
  const gone = sources.idx(`http://localhost:${server.addr.port}/digits`);
  await refuses(gone, /it must be there/);
});

Deno.test("sources.idx() has rows in any number of blocks", async () => {
  // 300 rows of 1,000 bytes are more than one block.
  const values = Array.from({ length: 300_000 }, (_, i) => i % 251);
  const file = idxFile([300, 1000], values);
  const x = Array.from({ length: 300 }, (_, i) => values.slice(1000 * i, 1000 * (i + 1)));
  assert.deepEqual(await rowsOf(sources.idx(file)), { x });
  assert.deepEqual(await rowsOf(sources.idx(await gzip(file))), { x });
});

Deno.test("sources.idx() has rows that are larger than what is read at once", async () => {
  const values = Array.from({ length: 600_000 }, (_, i) => i % 253);
  const file = idxFile([2, 300_000], values);
  const x = [values.slice(0, 300_000), values.slice(300_000)];
  for (const bytes of [file, await gzip(file)]) {
    const { x: rows } = await rowsOf(sources.idx(bytes)) as { x: number[][] };
    for (const [i, row] of rows.entries()) assert.equal(row.join(), x[i]!.join());
  }
  const short = await gzip(file.slice(0, -1));
  await refuses(sources.idx(short), /it must have 2 rows: current value is 1/);
  // A row of 40 MB that a small file only announces.
  const announced = await gzip(idxFile([1, 4e7], Array(5e4).fill(7)));
  await refuses(
    sources.idx(announced),
    /it must have 1 rows: current value is 0|must make at most/,
  );
});

Deno.test("sources.idx() refuses what is no IDX file, or not all of one", async () => {
  const file = idxFile([2, 3], SIX);
  await refuses(sources.idx("no such file"), /the file must exist: current value is 'missing'/);
  await refuses(sources.idx("core"), /it must be a file: current value is 'a folder'/);
  await refuses(sources.idx(new Uint8Array(0)), /its header must have 4 bytes: current value is 0/);
  await refuses(sources.idx(file.slice(0, 3)), /its header must have 4 bytes/);
  await refuses(sources.idx(file.slice(0, 9)), /its header must have 8 bytes: current value is 5/);
  for (const [at, byte] of [[0, 1], [1, 7], [2, 10], [3, 0]] as const) {
    const wrong = file.slice();
    wrong[at] = byte;
    await refuses(sources.idx(wrong), /RangeError: .* must begin with 0, 0, a type of numbers/);
  }
  const rows = /its 2 rows of shape \[3\] in uint8 must make 18 bytes: current value is 1[79]/;
  await refuses(sources.idx(file.slice(0, -1)), rows);
  await refuses(sources.idx(concat(file, Uint8Array.of(1))), rows);
  await refuses(sources.idx(idxFile([0, 3], [])), /must have at least one row/);
  await refuses(sources.idx(idxFile([3, 0], [])), /must have at least one row/);
  const huge = idxFile([2 ** 32 - 1, 2 ** 32 - 1], SIX);
  await refuses(sources.idx(huge), /must make .* bytes: current value is 18/);
});

Deno.test("sources.idx() refuses a packed file that is not whole, or whose content is not", async () => {
  const file = idxFile([4, 3], [...SIX, ...SIX]);
  const short = await gzip(file.slice(0, -4));
  await refuses(sources.idx(short), /it must have 4 rows: current value is 2/);
  const long = await gzip(concat(file, Uint8Array.of(1)));
  await refuses(sources.idx(long), /it must end after 4 rows/);
  const packed = await gzip(file);
  await refuses(sources.idx(packed.slice(0, -9)), /it must be packed as a whole|must have 4 rows/);
  await refuses(
    sources.idx(packed.slice(0, 12)),
    /it must be packed as a whole|its header must have/,
  );
  const damaged = packed.slice();
  damaged[packed.length - 6]! ^= 0xff; // In its checksum.
  await refuses(sources.idx(damaged), /it must be packed as a whole/);
  const twice = concat(packed, packed);
  await refuses(sources.idx(twice), /it must be packed as a whole, and in one piece/);
  const bomb = await gzip(idxFile([2 ** 31, 2 ** 20], SIX));
  await refuses(sources.idx(bomb), /must make at most \d+ bytes/);
});

Deno.test("sources.idx() says which value lies outside the support, and where", async () => {
  const file = idxFile([2, 1, 3], SIX);
  await refuses(
    sources.idx(file),
    /'x' must lie between 0 and 1 \(support 'unit'\) at row 0, position \[0, 2\]: .* 2$/,
    { support: "unit" },
  );
  const floats = sources.idx(idxFile([2, 2], [1, 2, NaN, 4], "Float32"));
  await refuses(floats, /'x' must be finite .* at row 1, position \[0\]: current value is NaN/);
});

Deno.test("sources.idx() answers any bytes with rows or an error of ours", async () => {
  const file = idxFile([2, 3], SIX);
  await fc.assert(fc.asyncProperty(
    fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 4 }),
    fc.nat(file.length),
    async (changes, end) => {
      const changed = file.slice();
      for (const [at, byte] of changes) changed[at] = byte;
      const source = sources.idx(changed.slice(0, end + 1));
      try {
        await rowsOf(source);
      } catch (error) {
        assert.match((error as Error).message, /^Cannot read 'bytes' as /);
      }
    },
  ));
});
