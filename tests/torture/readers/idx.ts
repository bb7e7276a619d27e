/**
 * The reader of IDX files, packed and not.
 *
 * @module
 */
import { sources } from "../../../mod.ts";
import { gzip, idxFile } from "../../helpers/file_bytes.ts";
import type { Reader } from "../reader.ts";
import { readRows, tensorsLeft } from "./rows.ts";

/** The reader: in memory and as a stream it must answer the same rows. */
export async function idx(): Promise<Reader> {
  const values = Array.from({ length: 24 }, (_, i) => i);
  const plain = [
    idxFile([4, 2, 3], values),
    idxFile([24], values),
    idxFile([3, 2, 2, 2], values, "Int16"),
    idxFile([12, 2], values, "Float32"),
    idxFile([6, 4], values, "Float64"),
    idxFile([2, 12], values, "Int32"),
    idxFile([8, 3], values, "Int8"),
  ];
  const packed = await Promise.all(plain.slice(0, 3).map(gzip));
  return {
    name: "idx",
    seeds: [...plain, ...packed],
    read: async ({ bytes }) => await readRows(sources.idx(bytes)),
    left: tensorsLeft,
    allowance: unpackedAllowance,
  };
}

/** What unpacking may make of a file, beside the blocks that are read at once. */
export function unpackedAllowance(size: number): number {
  return 2 ** 22 + 64 * size;
}
