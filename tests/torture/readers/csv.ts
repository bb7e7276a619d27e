/**
 * The reader of CSV files, packed and not.
 *
 * @module
 */
import { sources } from "../../../mod.ts";
import { bytesOf, gzip } from "../../helpers/file_bytes.ts";
import type { Reader } from "../reader.ts";
import { readRows, tensorsLeft } from "./rows.ts";

/** The reader: in memory and as a stream it must answer the same rows. */
export async function csv(): Promise<Reader> {
  const plain = [
    "a,b,c\n1,2,3\n4,-5.5,6e-3\n",
    "a,b,c\r\n1,NA,3\r\n4,,6\r\n7,8,9",
    'a,"b",c\n"1","2","3"\n4,"5",6\n\n',
    "kind,sex,age\ncat,f,3\ndog,m,7\n",
    '__proto__,constructor,"a ""b"", c"\n1,2,3\n',
  ].map(bytesOf);
  const packed = await gzip(plain[1]!);
  const typed = { columns: { kind: ["cat", "dog"], age: "count" }, condition: { sex: ["f", "m"] } };
  return {
    name: "csv",
    seeds: [...plain, packed],
    tokens: ['""', '","', '\n"', "\t", ";", "NA", "cat", "1,2,3\n", "__proto__"],
    read: async ({ bytes, seed }) => {
      const options = seed === 3 ? typed as Parameters<typeof sources.csv>[1] : {};
      await readRows(sources.csv(bytes, { ...options, missing: ["", "NA"] }));
    },
    left: tensorsLeft,
    // Text is decoded, and numbers are made of it.
    allowance: (size) => 2 ** 23 + 128 * size,
  };
}
