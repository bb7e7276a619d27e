import { encode } from "fast-png";
import assert from "node:assert/strict";
import { refuses, rowsOf } from "../../helpers/files.ts";
import { inFolder } from "../../helpers/run.ts";
import { type Source, sources, stream, useBackend } from "../../../mod.ts";

await useBackend({ backend: "cpu" });

type Png = Parameters<typeof encode>[0];

/** Writes some pictures into folders of a new folder. */
function withPictures(
  pictures: { readonly [name: string]: Png | Uint8Array },
  check: (folder: string) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    for (const [name, picture] of Object.entries(pictures)) {
      await Deno.mkdir(`${folder}/${name}/..`, { recursive: true });
      const bytes = picture instanceof Uint8Array ? picture : encode(picture);
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await check(folder);
  });
}

/** A picture of two pixels, one beside the other. */
const pair = (...data: number[]): Png => {
  const channels = data.length / 2;
  return { width: 2, height: 1, channels, depth: 8, data: Uint8Array.from(data) };
};

Deno.test("sources.pictures() reads the pictures of a folder in the order of their names", () =>
  withPictures(
    {
      "b.png": pair(3, 4),
      "a.PNG": pair(1, 2),
      "c/a.png": pair(5, 255),
      "d.txt": new Uint8Array(),
    },
    async (folder) => {
      const x = [[[[1], [2]]], [[[3], [4]]], [[[5], [255]]]];
      assert.deepEqual(await rowsOf(sources.pictures(folder)), { x });
    },
  ));

Deno.test("sources.pictures() reads colours, and pictures that a page was given", async () => {
  const colours = [pair(1, 2, 3, 4, 5, 6), pair(7, 8, 9, 10, 11, 12)]
    .map((picture) => new File([new Uint8Array(encode(picture))], "picture.png"));
  const x = [[[[1, 2, 3], [4, 5, 6]]], [[[7, 8, 9], [10, 11, 12]]]];
  assert.deepEqual(await rowsOf(sources.pictures(colours)), { x });
});

Deno.test("sources.pictures() makes classes of folders", () =>
  withPictures(
    { "dogs/1.png": pair(1, 1), "cats/1.png": pair(2, 2), "cats/2.png": pair(3, 3) },
    async (folder) => {
      assert.deepEqual(await rowsOf(sources.pictures(folder, { classes: true })), {
        x: [[[[2], [2]]], [[[3], [3]]], [[[1], [1]]]],
        condition: [[1, 0], [1, 0], [0, 1]],
      });
      const data = await stream(sources.pictures(folder));
      assert.deepEqual([data.size, data.shape], [3, [1, 2, 1]]);
    },
  ));

Deno.test("sources.pictures() reads few bits, many bits and palettes", async () => {
  const read = async (picture: Uint8Array): Promise<unknown> => {
    const place = new Blob([new Uint8Array(picture)]);
    return (await rowsOf(sources.pictures([place]))).x;
  };
  const wide = encode({
    width: 2,
    height: 1,
    channels: 1,
    depth: 16,
    data: Uint16Array.of(1, 65535),
  });
  assert.deepEqual(await read(wide), [[[[1], [65535]]]]);
  // Three pixels of one bit each in two lines: 1, 0, 1 and 0, 1, 1.
  const bits = chunked(3, 2, 1, 0, [0, 0b10100000, 0, 0b01100000]);
  assert.deepEqual(await read(await bits), [[[[255], [0], [255]], [[0], [255], [255]]]]);
  const four = chunked(3, 1, 4, 0, [0, 0x0f, 0x80]);
  assert.deepEqual(await read(await four), [[[[0], [255], [136]]]]);
  const palette = chunked(2, 1, 8, 3, [0, 1, 0], [10, 20, 30, 40, 50, 60]);
  assert.deepEqual(await read(await palette), [[[[40, 50, 60], [10, 20, 30]]]]);
});

/** A PNG file out of its lines, each with its filter before it. */
async function chunked(
  width: number,
  height: number,
  depth: number,
  colour: number,
  lines: readonly number[],
  palette?: readonly number[],
): Promise<Uint8Array> {
  const packed = new Blob([Uint8Array.from(lines)]).stream()
    .pipeThrough(new CompressionStream("deflate"));
  const data = new Uint8Array(await new Response(packed).arrayBuffer());
  const chunk = (name: string, bytes: ArrayLike<number>): number[] => {
    const content = [...new TextEncoder().encode(name), ...Array.from(bytes)];
    return [...word(bytes.length), ...content, ...word(checksum(content))];
  };
  const header = [...word(width), ...word(height), depth, colour, 0, 0, 0];
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", header),
    ...palette === undefined ? [] : chunk("PLTE", palette),
    ...chunk("IDAT", data),
    ...chunk("IEND", []),
  ]);
}

const word = (value: number): number[] => [24, 16, 8, 0].map((shift) => value >>> shift & 255);

/** CRC-32. */
function checksum(bytes: readonly number[]): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

Deno.test("sources.pictures() refuses a picture of another kind, and says which", () =>
  withPictures({ "a.png": pair(1, 2), "b.png": pair(1, 2, 3, 4, 5, 6) }, async (folder) => {
    await refuses(
      sources.pictures(folder),
      /TypeError: .*\/b\.png' as it must have the shape \[1, 2, 1\] of 8 bits, .* \[1, 2, 3, 8 bits\]/,
    );
  }));

Deno.test("sources.pictures() refuses what is no picture, or not all of one", async () => {
  const given = (bytes: Uint8Array): Source =>
    sources.pictures([new File([new Uint8Array(bytes)], "one.png")]);
  const whole = encode(pair(1, 2));
  await refuses(given(new Uint8Array(0)), /'one\.png' as it must begin as a PNG does/);
  await refuses(given(new Uint8Array(100)), /it must begin as a PNG does/);
  await refuses(given(whole.slice(0, 50)), /it must be a whole PNG|begin as a PNG/);
  const damaged = whole.slice();
  damaged[45]! ^= 255;
  await refuses(given(damaged), /it must be a whole PNG/);
  const vast = whole.slice();
  vast[16] = vast[20] = 0x7f;
  await refuses(given(vast), /bytes must be enough for its size/);
  await refuses(sources.pictures("no such folder"), /the folder must exist/);
  await refuses(sources.pictures([]), /there must be PNG pictures: current value is 0/);
  await inFolder((folder) => refuses(sources.pictures(folder), /there must be PNG pictures/));
});
