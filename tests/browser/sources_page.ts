/**
 * What runs in the page: files of every format are read, from what a page is given and from the web,
 * and the rows go to the console.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { encode as encodePng } from "fast-png";
import { collect, type Source, sources, stream, useBackend } from "../../mod.ts";
import { parquetWriteBuffer } from "../deps.ts";
import { bytesOf, encode, gzip, idxFile, npyFile, npyHeader } from "../helpers/file_bytes.ts";

/** All rows of a source, which are the same in memory and as a stream. */
async function rowsOf(source: Source): Promise<unknown> {
  const data = await collect(source);
  const { x } = data.rows(Array.from({ length: data.size }, (_, i) => i));
  for await (const batch of (await stream(source)).batches({ size: data.size })) {
    if (String(batch.x.dataSync()) !== String(x.dataSync())) throw new Error("other rows");
    batch.x.dispose();
  }
  const rows = x.reshape([data.size, -1]).arraySync();
  x.dispose();
  return rows;
}

/** Rows as a stream, as browsers make them. */
function streamed(): ReadableStream<readonly number[]> {
  return new ReadableStream({
    start: (controller) => {
      for (const row of [[1, 2], [3, 4]]) controller.enqueue(row);
      controller.close();
    },
  });
}

try {
  await useBackend({ backend: "cpu" });
  const idx = idxFile([2, 2], [1, 2, 3, 4]), packed = await gzip(idx);
  const file = (bytes: Uint8Array, name: string) => new File([new Uint8Array(bytes)], name);
  await fetch("/file", { method: "POST", body: packed });
  const npy = npyFile(npyHeader("<f4", "(2, 2)"), encode("Float32", [1, 2, 3, 4], true));
  const parquet = parquetWriteBuffer({
    columnData: [{ name: "a", data: [1, 3] }, { name: "b", data: [2, 4] }],
  });
  const picture = (...data: number[]) =>
    encodePng({ width: 2, height: 1, channels: 1, depth: 8, data: Uint8Array.from(data) });
  const rows = {
    idx: await rowsOf(sources.idx(file(idx, "digits"))),
    packed: await rowsOf(sources.idx(file(packed, "digits.gz"))),
    web: await rowsOf(sources.idx("/file")),
    url: await rowsOf(sources.idx(new URL("/file", location.href))),
    npy: await rowsOf(sources.npy(file(npy, "x.npy"))),
    csv: await rowsOf(sources.csv(file(bytesOf("a,b\n1,2\n3,4\n"), "x.csv"))),
    parquet: await rowsOf(sources.parquet(new Blob([parquet]))),
    pictures: await rowsOf(
      sources.pictures([file(picture(1, 2), "a.png"), file(picture(3, 4), "b.png")]),
    ),
    stream: await rowsOf(sources.from(streamed, { shape: [2] })),
  };
  console.log(JSON.stringify({ rows }));
} catch (error) {
  console.log(JSON.stringify({ failure: String((error as Error).stack ?? error) }));
}
