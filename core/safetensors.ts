/**
 * Tensors in the safetensors format: the length of a JSON header in eight bytes, the header, and
 * the values one after the other. https://github.com/huggingface/safetensors#format
 *
 * @module
 */
import { requireDevice } from "./backend/device.ts";
import { isRecord, parseJson } from "./files/json.ts";
import { outOfRange } from "./errors.ts";
import { type Json, sameShape, type Shape, sizeOf, type Tensor } from "./types.ts";

/** Values with a shape. */
export interface StoredTensor {
  /** The sizes of its axes. */
  readonly shape: Shape;
  /** The values, the last axis running fastest. */
  readonly values: Float32Array;
}

/**
 * Reads tensors from the device.
 *
 * @throws {DeviceLostError} If it was lost meanwhile, as they may be anything then.
 */
export async function storedTensors(
  tensors: ReadonlyMap<string, Tensor>,
): Promise<Map<string, StoredTensor>> {
  const stored = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    stored.set(name, { shape: tensor.shape, values: await tensor.data<"float32">() });
  }
  if (stored.size > 0) await requireDevice();
  return stored;
}

/** What a file holds. */
export interface Safetensors {
  /** The tensors by name, in the order of their values. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** What the file says of itself, in words of its own. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The longest header that the reference implementation reads. */
const LONGEST_HEADER = 100_000_000;

/** The key of the metadata, which no tensor may bear. */
const METADATA = "__metadata__";

/**
 * The bytes of some tensors by name, as the reference implementation writes them: sorted by name.
 *
 * @param tensors Values and shapes by name.
 * @param metadata What the file is to say of itself.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  for (const name of [METADATA, "__proto__"]) {
    if (tensors.has(name)) {
      throw outOfRange("write safetensors", "no tensor may have this name", name);
    }
  }
  const sorted = [...tensors].sort(([a], [b]) => a < b ? -1 : 1);
  let offset = 0;
  const entries = sorted.map(([name, { shape, values }]) => {
    const start = offset;
    offset += 4 * values.length; // The cpu backend has float32 tensors that lie in other arrays.
    return [name, { dtype: "F32", shape, data_offsets: [start, offset] }] as const;
  });
  const described = metadata === undefined ? entries : [[METADATA, metadata], ...entries];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(described)));
  // Spaces bring the values to a multiple of eight bytes.
  const header = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  header.set(json);
  const bytes = new Uint8Array(8 + header.length + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  for (const [, { values }] of sorted) {
    // Numbers lie in memory as the format wants them: all that runs JavaScript is little-endian.
    new Float32Array(bytes.buffer, at, values.length).set(values);
    at += 4 * values.length;
  }
  return bytes;
}

/** A number of half precision from its bits. */
function half(bits: number): number {
  const sign = bits >>> 15 === 0 ? 1 : -1, exponent = (bits >>> 10) & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** How numbers are kept: in how many bytes, and how one is read. */
interface NumberFormat {
  readonly bytes: number;
  /** The number at some place; undefined where float32 cannot hold it. */
  readonly read: (view: DataView, at: number) => number | undefined;
}

/** An integer, if float32 holds it as it is. */
function exact(value: number): number | undefined {
  return Math.fround(value) === value ? value : undefined;
}

/** An integer of 64 bits, if float32 holds it as it is. */
function exactLong(value: bigint): number | undefined {
  const near = Math.fround(Number(value));
  return BigInt(near) === value ? near : undefined;
}

/** The float32 next to a number, unless there is none. */
function rounded(value: number): number | undefined {
  return Number.isFinite(value) && !Number.isFinite(Math.fround(value)) ? undefined : value;
}

/** Where bits become a number. */
const BITS = new DataView(new ArrayBuffer(4));

const FORMATS: { readonly [dtype: string]: NumberFormat } = {
  F64: { bytes: 8, read: (view, at) => rounded(view.getFloat64(at, true)) },
  F32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, read: (view, at) => half(view.getUint16(at, true)) },
  BF16: {
    bytes: 2,
    read: (view, at) => {
      BITS.setUint32(0, view.getUint16(at, true) * 2 ** 16);
      return BITS.getFloat32(0);
    },
  },
  I64: { bytes: 8, read: (view, at) => exactLong(view.getBigInt64(at, true)) },
  U64: { bytes: 8, read: (view, at) => exactLong(view.getBigUint64(at, true)) },
  I32: { bytes: 4, read: (view, at) => exact(view.getInt32(at, true)) },
  U32: { bytes: 4, read: (view, at) => exact(view.getUint32(at, true)) },
  I16: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  U16: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  I8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  U8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  BOOL: { bytes: 1, read: (view, at) => Number(view.getUint8(at) !== 0) },
};

/** Where the values of a tensor lie, and as what. */
interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Shape;
  readonly from: number;
  readonly to: number;
}

/** Whether a value is a list of 0, 1, 2, … */
function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) &&
    value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

/** One entry of the header, if it is as the format has it. */
function entryOf(action: string, name: string, json: Json): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(json) ? json : {};
  if (typeof dtype !== "string" || !Object.hasOwn(FORMATS, dtype)) {
    const requirement = `'${name}' must be one of ${Object.keys(FORMATS).join(", ")}`;
    throw outOfRange(action, requirement, dtype);
  }
  const [from, to] = isCounts(offsets) && offsets.length === 2 ? offsets : [];
  const size = isCounts(shape) ? FORMATS[dtype]!.bytes * sizeOf(shape) : NaN;
  if (from === undefined || to === undefined || to - from !== size) {
    throw outOfRange(action, `'${name}' must have as many bytes as its shape says`, json);
  }
  return { name, dtype, shape: shape as Shape, from, to };
}

/** The entries of a header in the order of their values, which must fill the rest of the file. */
function entriesOf(
  action: string,
  header: { readonly [name: string]: Json },
  size: number,
): readonly Entry[] {
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, json]) => entryOf(action, name, json))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const { name, from, to } of entries) {
    if (from !== end) {
      throw outOfRange(action, `'${name}' must begin where the one before it ends`, [end, from]);
    }
    end = to;
  }
  if (end !== size) {
    throw outOfRange(action, `its tensors must fill the ${size} bytes behind the header`, end);
  }
  return entries;
}

/** The values of a tensor as float32. */
function valuesOf(
  action: string,
  { name, dtype, from, to }: Entry,
  values: Uint8Array,
): Float32Array {
  if (dtype === "F32") return new Float32Array(values.slice(from, to).buffer);
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  const { bytes, read } = FORMATS[dtype]!;
  return Float32Array.from({ length: (to - from) / bytes }, (_, i) => {
    const value = read(view, from + i * bytes);
    if (value !== undefined) return value;
    const requirement = `the ${dtype} numbers of '${name}' must be float32 numbers too`;
    throw outOfRange(action, requirement, `another one at position ${i}`);
  });
}

function metadataOf(action: string, json: Json | undefined): Readonly<Record<string, string>> {
  const metadata = json ?? {};
  if (isRecord(metadata) && Object.values(metadata).every((value) => typeof value === "string")) {
    return metadata as Readonly<Record<string, string>>;
  }
  throw outOfRange(action, `'${METADATA}' must be a record of strings`, json);
}

/**
 * The tensors in some bytes, as float32. Numbers of 64 bits are rounded to the next float32;
 * integers that float32 cannot hold are refused, and so are tensors that overlap or leave holes, as
 * the reference implementation does.
 *
 * @param bytes The bytes.
 * @param source Where they come from, for errors.
 * @throws {RangeError} If the bytes are not in the format, or hold what float32 cannot.
 */
export function decodeSafetensors(bytes: Uint8Array, source?: string): Safetensors {
  const action = source === undefined ? "read safetensors" : `read safetensors '${source}'`;
  const { length } = bytes;
  if (length < 8) throw outOfRange(action, "it must have at least 8 bytes", length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > LONGEST_HEADER) {
    throw outOfRange(action, `its header must have at most ${LONGEST_HEADER} bytes`, headerLength);
  }
  const start = 8 + headerLength;
  if (start > length) {
    throw outOfRange(action, `its header must end within ${length} bytes`, start);
  }
  const header = parseJson(action, "its header", bytes.subarray(8, start));
  if (!isRecord(header) || bytes[8] !== 0x7b) {
    throw outOfRange(action, "its header must be a record", header);
  }
  const metadata = metadataOf(action, header[METADATA]);
  const values = bytes.subarray(start);
  const entries = entriesOf(action, header, values.length); // All are looked at before the first is made.
  return {
    tensors: new Map(entries.map((entry) => [
      entry.name,
      { shape: entry.shape, values: valuesOf(action, entry, values) },
    ])),
    metadata,
  };
}

/** Throws unless a stored tensor is there, and has the wanted shape. */
export function requireStored(
  stored: ReadonlyMap<string, StoredTensor>,
  name: string,
  shape: Shape,
): StoredTensor {
  const found = stored.get(name);
  if (found !== undefined && sameShape(found.shape, shape)) return found;
  const requirement = `'${name}' must have shape [${shape.join(", ")}]`;
  throw outOfRange("load parameters", requirement, found?.shape ?? "missing");
}

/** Throws if there is a stored tensor that nobody wants. */
export function requireWanted(
  stored: Iterable<string>,
  wanted: { readonly has: (name: string) => boolean },
): void {
  for (const name of stored) {
    if (wanted.has(name)) continue;
    throw outOfRange("load parameters", "every name must be one of the model's", name);
  }
}
