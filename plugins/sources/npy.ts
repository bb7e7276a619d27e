/**
 * The format of NumPy for one array: a magic string, a version, a header in Python's words, and the
 * numbers.
 *
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @module
 */
import {
  type ByteFile,
  openPlace,
  type Place,
  reading,
  withReader,
} from "../../core/data/place.ts";
import type { Source, SourceContents } from "../../core/data/source.ts";
import { outOfRange } from "../../core/errors.ts";
import type { Shape } from "../../core/types.ts";
import { nameOf } from "../../core/files/name.ts";
import { arrayContents, headerBytes, type NumberType } from "./_array_file.ts";

/** Options of {@linkcode npy}. */
export interface NpyOptions {
  /**
   * Whether NaN stands for an entry that is missing; else it is refused.
   * @default false
   */
  readonly missing?: boolean;
}

/** What NumPy calls the types of numbers, after the order of their bytes. */
const TYPES = new Map<string, NumberType>([
  ["b1", "bool"],
  ["u1", "uint8"],
  ["i1", "int8"],
  ["u2", "uint16"],
  ["i2", "int16"],
  ["f2", "float16"],
  ["u4", "uint32"],
  ["i4", "int32"],
  ["f4", "float32"],
  ["u8", "uint64"],
  ["i8", "int64"],
  ["f8", "float64"],
]);

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Longer than NumPy itself would read without being told to. */
const LONGEST_HEADER = 1 << 16;

/** One entry of the header: a key in quotes, and a string, a truth value or a list of sizes. */
const ENTRY =
  /\s*['"](\w+)['"]\s*:\s*(?:['"]([^'"]*)['"]|(True|False)|\(([\dL,\s]*)\))\s*(,|(?=\}))/y;

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: Shape;
}

/** What a header says, if it is one. */
function parse(text: string): Header | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) return undefined;
  const entries = new Map<string, string>();
  let at = 1;
  while (!/^\s*\}$/.test(trimmed.slice(at, at + 64))) {
    ENTRY.lastIndex = at;
    const entry = ENTRY.exec(trimmed);
    if (entry === null) return undefined;
    const [, key, string, truth, sizes] = entry;
    entries.set(key!, string ?? truth ?? sizes!);
    at = ENTRY.lastIndex;
  }
  const descr = entries.get("descr"), order = entries.get("fortran_order");
  const sizes = entries.get("shape");
  if (descr === undefined || order === undefined || sizes === undefined) return undefined;
  const axes = sizes.split(",").map((axis) => axis.trim().replace(/L$/, ""));
  if (axes.at(-1) === "") axes.pop();
  if (entries.size !== 3 || !axes.every((axis) => /^\d{1,15}$/.test(axis))) return undefined;
  return { descr, fortran: order === "True", shape: axes.map(Number) };
}

async function readHeader(file: ByteFile): Promise<Header & { readonly length: number }> {
  const refuse = (requirement: string, current: unknown): never => {
    throw outOfRange(reading(file.name), requirement, current);
  };
  return await withReader(file, async (reader) => {
    const start = await headerBytes(file, reader, 8);
    const magic = new Uint8Array(start.buffer, 0, MAGIC.length);
    if (!MAGIC.every((byte, i) => byte === magic[i])) {
      refuse("an npy file must begin with the bytes of '\\x93NUMPY'", [...magic]);
    }
    const major = start.getUint8(6);
    if (major < 1 || major > 3) refuse("its version must be 1, 2 or 3", major);
    const bytes = major === 1 ? 2 : 4, field = await headerBytes(file, reader, bytes);
    const length = major === 1 ? field.getUint16(0, true) : field.getUint32(0, true);
    if (length > LONGEST_HEADER) {
      refuse(`its header must have at most ${LONGEST_HEADER} bytes`, length);
    }
    const text = new TextDecoder().decode(await headerBytes(file, reader, length));
    const header = parse(text);
    if (header !== undefined) return { ...header, length: 8 + bytes + length };
    return refuse("its header must say 'descr', 'fortran_order' and 'shape' of numbers", text);
  });
}

async function open(place: Place, { missing = false }: NpyOptions): Promise<SourceContents> {
  const file = await openPlace(place);
  const { descr, fortran, shape, length } = await readHeader(file);
  const type = /^[<>=|]/.test(descr) ? TYPES.get(descr.slice(1)) : undefined;
  if (type === undefined) {
    const known = [...TYPES.keys()].join(", ");
    throw outOfRange(reading(file.name), `its numbers must be one of ${known}`, descr);
  }
  if (shape.length === 0) {
    throw outOfRange(reading(file.name), "it must have rows, and so at least one axis", shape);
  }
  if (fortran && shape.filter((axis) => axis > 1).length > 1) {
    const requirement = "its rows must lie one after the other (save numpy.ascontiguousarray(x))";
    throw outOfRange(reading(file.name), requirement, "fortran_order: True");
  }
  return arrayContents(file, { length, shape, type, littleEndian: descr[0] !== ">", missing });
}

/**
 * The rows of an array that NumPy saved, packed by gzip or not: floats of 16, 32 and 64 bits, integers
 * and truth values. An array with one axis has a number for each row. It is read row by row, so that
 * an array in Fortran order is refused.
 *
 * @param place Where the file is: a path, a URL, a `Blob` or bytes.
 * @param options Whether NaN is missing.
 * @returns The source.
 *
 * @example
 * ```ts
 * import { sources } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(sources.npy("features.npy").support, "real");
 * await assert.rejects(sources.npy("no such file").open(), /must exist/);
 * ```
 */
export function npy(place: Place, options: NpyOptions = {}): Source<"real"> {
  return { kind: "source", name: nameOf(place), support: "real", open: () => open(place, options) };
}
