/**
 * Rows in a NumPy file.
 *
 * "\x93NUMPY", the version 1.0 in two bytes, the length of the header in two more, the header as a
 * Python dictionary with spaces up to a multiple of 64 bytes, and the numbers.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @module
 */
import { outOfRange } from "../errors.ts";
import { writePieces } from "../files/write.ts";
import type { Shape } from "../types.ts";
import { type Rows, sameRows } from "./rows.ts";

/** The digits of the longest number of rows, for which NumPy leaves room too. */
const DIGITS = 21;

/** float32 as this machine keeps it. */
const DESCRIPTION = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? "<f4" : ">f4";

/** The header of an array, of the same length whatever its first axis is. */
function headerOf(shape: Shape): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${DESCRIPTION}', 'fortran_order': False, 'shape': (${axes}), }`;
  const roomy = dictionary + " ".repeat(DIGITS - String(shape[0]).length);
  const start = 10, padding = 64 - (start + roomy.length + 1) % 64;
  const text = new TextEncoder().encode(`${roomy}${" ".repeat(padding)}\n`);
  const header = new Uint8Array(start + text.length);
  header.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(header.buffer).setUint16(8, text.length, true);
  header.set(text, start);
  return header;
}

/**
 * Writes rows into a NumPy file as one array of float32 `[rows, …]`, chunk by chunk, so that there
 * may be more than fit into memory: `numpy.load(path)` reads it, and with `mmap_mode` without reading
 * it whole. The file is there when all rows are, not before. In Deno this needs `--allow-write` there.
 *
 * @param path The path of the file, which takes the place of one that is there.
 * @param rows Chunks of rows: a stream as `embeddings` answers, or a list of chunks.
 * @returns The number of rows.
 * @throws {RangeError} If there are no rows, the disk has no room, or nothing may be written there.
 * @throws {TypeError} If chunks have rows of different shapes, or not as many numbers as they say.
 *
 * @example
 * ```ts
 * import { dataset, embeddings, presets, writeNpy } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [2], latent: 3, hidden: [8] });
 * const bits = dataset([[0, 1], [1, 1], [1, 0]], { support: "binary" });
 * assert.equal(await writeNpy("out/latents.npy", embeddings(model, bits)), 3);
 * model.dispose();
 * ```
 */
export function writeNpy(
  path: string,
  rows: AsyncIterable<Rows> | Iterable<Rows>,
): Promise<number> {
  return writePieces(path, async (put) => {
    let size = 0, shape: Shape | undefined;
    for await (const chunk of sameRows("write rows", rows)) {
      const { buffer, byteOffset, byteLength } = chunk.values;
      // The number of rows is put in when all are there.
      if (shape === undefined) await put(headerOf([0, ...chunk.shape]));
      await put(new Uint8Array(buffer, byteOffset, byteLength));
      shape = chunk.shape;
      size += chunk.size;
    }
    if (shape === undefined) throw outOfRange("write rows", "there must be at least one", 0);
    await put(headerOf([size, ...shape]), 0);
    return size;
  });
}
