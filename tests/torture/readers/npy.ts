/**
 * The reader of npy files, packed and not.
 *
 * @module
 */
import { sources } from "../../../mod.ts";
import { encode, gzip, npyFile, npyHeader } from "../../helpers/file_bytes.ts";
import type { Reader } from "../reader.ts";
import { unpackedAllowance } from "./idx.ts";
import { readRows, tensorsLeft } from "./rows.ts";

const bytes = Uint8Array.from({ length: 96 }, (_, i) => i % 2);

/** The reader: in memory and as a stream it must answer the same rows. */
export async function npy(): Promise<Reader> {
  const numbers = Array.from({ length: 12 }, (_, i) => i / 4);
  const plain = [
    npyFile(npyHeader("<f4", "(4, 3)"), encode("Float32", numbers, true)),
    npyFile(npyHeader(">f8", "(12,)"), encode("Float64", numbers, false), 2),
    npyFile(npyHeader("|u1", "(4, 2, 3, 4)"), bytes, 3),
    npyFile(npyHeader("<i8", "(6, 2)"), bytes),
    npyFile(npyHeader("|b1", "(96, 1)"), bytes),
    npyFile(npyHeader("<f2", "(48,)", "True"), bytes),
  ];
  return {
    name: "npy",
    seeds: [...plain, await gzip(plain[0]!)],
    tokens: ["'descr':", "'fortran_order':", "'shape':", "'<f8'", "True", "(", ")", "(1,)", "L"],
    read: async ({ bytes }) => await readRows(sources.npy(bytes, { missing: true })),
    left: tensorsLeft,
    allowance: unpackedAllowance,
  };
}
