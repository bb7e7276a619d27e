/**
 * Files that are one array: a header, then the numbers of one row after the other.
 *
 * @module
 */
import { type ByteFile, type ByteReader, reading } from "../../core/data/place.ts";
import type { SourceContents, SourceRows } from "../../core/data/source.ts";
import type { TypedArray } from "../../core/data/values.ts";
import { outOfRange } from "../../core/errors.ts";
import { type Shape, sizeOf } from "../../core/types.ts";

/** The types of numbers that files hold. */
export type NumberType =
  | "bool"
  | `${"uint" | "int"}${8 | 16 | 32 | 64}`
  | `float${16 | 32 | 64}`;

/** How many bytes a number has, and an array of them on the same memory. */
interface NumberFormat {
  readonly bytes: number;
  readonly view: (buffer: ArrayBuffer, length: number) => TypedArray;
}

const NUMBERS: Readonly<Record<NumberType, NumberFormat>> = {
  bool: { bytes: 1, view: (buffer, length) => new Uint8Array(buffer, 0, length) },
  uint8: { bytes: 1, view: (buffer, length) => new Uint8Array(buffer, 0, length) },
  int8: { bytes: 1, view: (buffer, length) => new Int8Array(buffer, 0, length) },
  uint16: { bytes: 2, view: (buffer, length) => new Uint16Array(buffer, 0, length) },
  int16: { bytes: 2, view: (buffer, length) => new Int16Array(buffer, 0, length) },
  float16: {
    bytes: 2,
    view: (buffer, length) => Float32Array.from(new Uint16Array(buffer, 0, length), fromHalf),
  },
  uint32: { bytes: 4, view: (buffer, length) => new Uint32Array(buffer, 0, length) },
  int32: { bytes: 4, view: (buffer, length) => new Int32Array(buffer, 0, length) },
  float32: { bytes: 4, view: (buffer, length) => new Float32Array(buffer, 0, length) },
  uint64: {
    bytes: 8,
    view: (buffer, length) => toNumbers(new BigUint64Array(buffer, 0, length)),
  },
  int64: { bytes: 8, view: (buffer, length) => toNumbers(new BigInt64Array(buffer, 0, length)) },
  float64: { bytes: 8, view: (buffer, length) => new Float64Array(buffer, 0, length) },
};

function toNumbers(integers: BigInt64Array | BigUint64Array): Float64Array {
  const numbers = new Float64Array(integers.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = Number(integers[i]);
  return numbers;
}

/** A number of IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 0x1f, fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Turns every number around, in place. */
function reverse(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) {
    bytes.subarray(start, start + width).reverse();
  }
}

/** How much of a file is read at once, unless one row is larger. */
const BLOCK = 1 << 18;

/** The largest row that is believed where nobody knows how large the file is. */
const LARGEST_ROW = 1 << 28;

/** What stands in the header of such a file. */
interface ArrayHeader {
  /** The bytes before the first number. */
  readonly length: number;
  /** The sizes of all axes, of which the first one numbers the rows. */
  readonly shape: Shape;
  readonly type: NumberType;
  readonly littleEndian: boolean;
  /** Whether NaN stands for what is missing. */
  readonly missing?: boolean;
}

/** Fills an array, or says that the file ends too early. */
export async function headerBytes(
  file: ByteFile,
  reader: ByteReader,
  length: number,
): Promise<DataView<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  const found = await reader.fill(bytes);
  if (found === length) return new DataView(bytes.buffer);
  throw outOfRange(reading(file.name), `its header must have ${length} bytes`, found);
}

/**
 * The contents of such a file.
 *
 * @throws {RangeError} If the header and the length of the file do not agree.
 */
export function arrayContents(file: ByteFile, header: ArrayHeader): SourceContents {
  const { length, type, missing = false } = header;
  const [size, ...axes] = header.shape as [number, ...number[]];
  const refuse = (requirement: string, current: unknown): never => {
    throw outOfRange(reading(file.name), requirement, current);
  };
  const shape = axes.length === 0 ? [1] : axes, format: NumberFormat = NUMBERS[type];
  const width = sizeOf(shape), rowBytes = width * format.bytes, whole = length + size * rowBytes;
  if (size === 0 || width === 0) refuse("it must have at least one row", header.shape);
  const announced = `its ${size} rows of shape [${shape.join(", ")}] in ${type} must make`;
  if (file.size !== undefined && file.size !== whole) {
    refuse(`${announced} ${whole} bytes`, file.size);
  }
  if (whole > file.bound) refuse(`${announced} at most ${file.bound} bytes`, whole);
  if (rowBytes > LARGEST_ROW && file.size === undefined) {
    refuse(`a row must have at most ${LARGEST_ROW} bytes`, rowBytes);
  }
  const block = Math.max(1, Math.min(size, Math.floor(BLOCK / rowBytes)));
  const turned = format.bytes > 1 && header.littleEndian !== LITTLE_ENDIAN;

  async function* read(
    ranges: Iterable<readonly [number, number]> = [[0, size]],
  ): AsyncGenerator<SourceRows> {
    const reader = await file.open();
    // Room for a row that is only announced is made as it comes.
    const known = file.size !== undefined || rowBytes <= BLOCK;
    let buffer = new ArrayBuffer(known ? block * rowBytes : BLOCK);
    try {
      for (const [start, end] of ranges) {
        await reader.seek(length + start * rowBytes);
        for (let row = start; row < end; row += block) {
          const rows = Math.min(block, end - row), wanted = rows * rowBytes;
          let found = 0;
          for (;;) {
            const room = Math.min(wanted, buffer.byteLength) - found;
            const read = await reader.fill(new Uint8Array(buffer, found, room));
            found += read;
            if (read < room || found === wanted) break;
            buffer = buffer.transfer(Math.min(wanted, 2 * found));
          }
          if (found < wanted) {
            refuse(`it must have ${size} rows`, row + Math.floor(found / rowBytes));
          }
          if (turned) reverse(new Uint8Array(buffer, 0, wanted), format.bytes);
          const x = format.view(buffer, rows * width);
          if (type === "bool") requireBits(x, row);
          yield { size: rows, x, mask: missing ? observed(x) : undefined };
        }
      }
      // Only reading to the end shows where a packed or remote file ends.
      if (file.seekable || await reader.fill(new Uint8Array(1)) === 0) return;
      refuse(`it must end after ${size} rows`, "more bytes");
    } finally {
      await reader.close();
    }
  }

  function requireBits(x: TypedArray, row: number): void {
    const wrong = x.findIndex((bit) => bit > 1);
    if (wrong < 0) return;
    const place = `row ${row + Math.floor(wrong / width)}, column ${wrong % width}`;
    refuse(`a truth value must be 0 or 1 at ${place}`, x[wrong]);
  }

  return {
    shape,
    size,
    mask: missing,
    block: file.seekable ? block : undefined,
    read,
  };
}

/** 0 where a number is none. */
function observed(x: TypedArray): Uint8Array {
  return Uint8Array.from(x, (value) => Number.isNaN(value) ? 0 : 1);
}
