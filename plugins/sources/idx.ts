/**
 * IDX, the format of MNIST and its kin: zero, zero, a type, the number of axes, their sizes, and the
 * numbers, all with the highest byte first.
 *
 * LeCun, Cortes and Burges, "The MNIST database of handwritten digits", "File formats".
 *
 * @module
 */
import { openPlace, type Place, reading, withReader } from "../../core/data/place.ts";
import type { Source, SourceContents } from "../../core/data/source.ts";
import { outOfRange } from "../../core/errors.ts";
import { nameOf } from "../../core/files/name.ts";
import { arrayContents, headerBytes, type NumberType } from "./_array_file.ts";

const TYPES = new Map<number, NumberType>([
  [0x08, "uint8"],
  [0x09, "int8"],
  [0x0b, "int16"],
  [0x0c, "int32"],
  [0x0d, "float32"],
  [0x0e, "float64"],
]);

async function open(place: Place): Promise<SourceContents> {
  const file = await openPlace(place);
  const { type, shape } = await withReader(file, async (reader) => {
    const magic = await headerBytes(file, reader, 4), type = TYPES.get(magic.getUint8(2));
    const axes = magic.getUint8(3);
    if (magic.getUint16(0) !== 0 || type === undefined || axes === 0) {
      const found = [0, 1, 2, 3].map((at) => magic.getUint8(at));
      const requirement = "an IDX file must begin with 0, 0, a type of numbers and a count of axes";
      throw outOfRange(reading(file.name), requirement, found);
    }
    const sizes = await headerBytes(file, reader, 4 * axes);
    return { type, shape: Array.from({ length: axes }, (_, axis) => sizes.getUint32(4 * axis)) };
  });
  return arrayContents(file, {
    length: 4 + 4 * shape.length,
    shape,
    type,
    littleEndian: false,
  });
}

/**
 * The rows of an IDX file, packed by gzip or not: pictures, or a number for each row.
 *
 * @param place Where the file is: a path, a URL, a `Blob` or bytes.
 * @returns The source. Its numbers are those of the file: bytes are 0 … 255.
 *
 * @example
 * ```ts
 * import { collect, sources } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * // Two rows of three bytes; as a rule this is "train-images-idx3-ubyte.gz".
 * const file = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 255, 255, 0, 102);
 * const grey = await collect(sources.idx(file), { support: "unit", scale: 1 / 255 });
 * assert.deepEqual([grey.size, grey.shape], [2, [3]]);
 * ```
 */
export function idx(place: Place): Source<"real"> {
  return { kind: "source", name: nameOf(place), support: "real", open: () => open(place) };
}
