/**
 * Folders of PNG pictures.
 *
 * W3C, "Portable Network Graphics (PNG) Specification", §11.2.
 *
 * @module
 */
import { fileAt, type Place, reading, withReader } from "../../core/data/place.ts";
import type { Source, SourceContents, SourceRows } from "../../core/data/source.ts";
import { lazy } from "../../core/deps.ts";
import { outOfRange, wrongType } from "../../core/errors.ts";
import { sameShape } from "../../core/types.ts";
import { nameOf } from "../../core/files/name.ts";

/** Options of {@linkcode pictures}. */
export interface PicturesOptions {
  /**
   * Whether the folder that a picture lies in is its class, one-hot as what it is conditioned on.
   * The classes are in alphabetical order.
   * @default false
   */
  readonly classes?: boolean;
}

/** What fast-png says of a picture. */
interface Png {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  readonly palette?: readonly (readonly number[])[];
}

interface FastPng {
  readonly decode: (bytes: Uint8Array, options: { readonly checkCrc: boolean }) => Png;
  readonly convertIndexedToRgb: (picture: Png) => Uint8Array;
}

/** A picture as numbers, one after the other. */
interface Pixels {
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly depth: 8 | 16;
  readonly values: Uint8Array | Uint16Array;
}

/** A file, and the class of what it shows. */
interface PictureFile {
  readonly place: Place;
  readonly name: string;
  readonly folder: string;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The pictures that are read side by side. */
const AT_ONCE = 16;

/** The largest PNG file that is read. */
const LARGEST = 1 << 28;

/** Pixels of fewer than eight bits, which are packed line by line, as 0 … 255. */
function unpack({ width, height, depth, data }: Png): Uint8Array {
  const values = new Uint8Array(width * height), bytes = Math.ceil(width * depth / 8);
  const largest = 2 ** depth - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth, byte = data[y * bytes + (bit >> 3)]!;
      values[y * width + x] = (byte >> (8 - depth - (bit & 7)) & largest) * (255 / largest);
    }
  }
  return values;
}

async function read({ place, name }: PictureFile): Promise<Pixels> {
  const file = await fileAt(place), action = reading(name);
  if (file.size === undefined || file.size > LARGEST) {
    throw outOfRange(action, `a picture must have at most ${LARGEST} bytes`, file.size);
  }
  const bytes = new Uint8Array(file.size);
  await withReader(file, (reader) => reader.fill(bytes));
  const view = new DataView(bytes.buffer);
  if (bytes.length < 33 || !SIGNATURE.every((byte, i) => bytes[i] === byte)) {
    throw outOfRange(action, "it must begin as a PNG does", [...bytes.subarray(0, 8)]);
  }
  // Deflate makes at most 1032 bytes of one: whoever claims more lies about the size.
  const claimed = [view.getUint32(16), view.getUint32(20)];
  if (claimed[0]! * claimed[1]! > bytes.length * 1032 * 8) {
    throw outOfRange(action, `${bytes.length} bytes must be enough for its size`, claimed);
  }
  const { decode, convertIndexedToRgb } = await lazy.png() as unknown as FastPng;
  let picture: Png, colours: Uint8Array | undefined;
  try {
    picture = decode(bytes, { checkCrc: true });
    colours = picture.palette && convertIndexedToRgb(picture);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw outOfRange(action, "it must be a whole PNG", message);
  }
  const { width, height, depth, data } = picture;
  const values = colours ??
    (depth < 8 ? unpack(picture) : data instanceof Uint16Array ? data : new Uint8Array(data));
  const channels = values.length / (width * height);
  return { shape: [height, width, channels], depth: depth === 16 ? 16 : 8, values };
}

/** The PNG files of a folder and of those in it, in the order of their names. */
async function list(folder: string): Promise<PictureFile[]> {
  const { readdir } = await import("node:fs/promises");
  const files: PictureFile[] = [];
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    if ((error as { code?: string }).code !== "ENOENT") throw error;
    throw outOfRange(reading(folder), "the folder must exist", "missing");
  });
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const entry of entries) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) files.push(...await list(name));
    else if (/\.png$/i.test(name)) files.push({ place: name, name, folder });
  }
  return files;
}

/** Pictures that a page was given, which say in which folder they lay. */
function given(places: readonly Place[]): PictureFile[] {
  return places.map((place) => {
    const path = typeof place === "object" && "webkitRelativePath" in place &&
        typeof place.webkitRelativePath === "string" && place.webkitRelativePath || nameOf(place);
    return { place, name: path, folder: path.split(/[\\/]/).slice(0, -1).join("/") };
  });
}

async function open(
  where: string | readonly Place[],
  { classes = false }: PicturesOptions,
): Promise<SourceContents> {
  const files = typeof where === "string" ? await list(where) : given(where);
  const action = reading(typeof where === "string" ? where : "pictures");
  if (files.length === 0) throw outOfRange(action, "there must be PNG pictures", 0);
  const first = await read(files[0]!), { shape } = first;
  const folders = [...new Set(files.map(({ folder }) => folder))].sort();
  const condition = classes ? [folders.length] : undefined;

  async function* rows(
    ranges: Iterable<readonly [number, number]> = [[0, files.length]],
  ): AsyncGenerator<SourceRows> {
    const wanted = Array.from(ranges, ([start, end]) => files.slice(start, end)).flat();
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      const some = wanted.slice(at, at + AT_ONCE);
      // All are waited for, so that no file stays open where one of them is damaged.
      const results = await Promise.allSettled(some.map(read));
      for (const [i, file] of some.entries()) {
        const result = results[i]!;
        if (result.status === "rejected") throw result.reason;
        const { shape: found, depth, values } = result.value;
        if (!sameShape(found, shape) || depth !== first.depth) {
          const wanted = `[${shape.join(", ")}] of ${first.depth} bits, as the first one has`;
          throw wrongType(reading(file.name), `it must have the shape ${wanted}`, [
            ...found,
            `${depth} bits`,
          ]);
        }
        const oneHot = condition &&
          Uint8Array.from(folders, (folder) => Number(folder === file.folder));
        yield { size: 1, x: values, condition: oneHot };
      }
    }
  }

  return { shape, condition, size: files.length, block: 1, read: rows };
}

/**
 * PNG pictures `[height, width, channels]`, all of one size: those of a folder and the folders in it
 * in the order of their names, or those of a list. Grey pictures have one channel, coloured ones
 * three, and one more if they are transparent. Values are 0 … 255, or 0 … 65535 with 16 bits.
 *
 * @param where The path of a folder, or a list of places, such as the files that a page was given.
 * @param options Whether folders are classes.
 * @returns The source.
 *
 * @example
 * ```ts
 * import { sources } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(sources.pictures("faces").name, "faces");
 * await assert.rejects(sources.pictures("no such folder").open(), /the folder must exist/);
 * ```
 */
export function pictures(
  where: string | readonly Place[],
  options: PicturesOptions = {},
): Source<"real"> {
  const name = typeof where === "string" ? where : "pictures";
  return { kind: "source", name, support: "real", open: () => open(where, options) };
}
