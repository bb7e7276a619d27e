/**
 * Files of data, byte by byte.
 *
 * @module
 */

/** Bytes one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The bytes of a text. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Packed by gzip. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** How a number is written to a `DataView`. */
export type Setter =
  | "Uint8"
  | "Int8"
  | "Uint16"
  | "Int16"
  | "Uint32"
  | "Int32"
  | "Float32"
  | "Float64";

/** Numbers as bytes. */
export function encode(
  setter: Setter,
  values: readonly number[],
  littleEndian: boolean,
): Uint8Array<ArrayBuffer> {
  const width = Number(/\d+/.exec(setter)![0]) / 8;
  const view = new DataView(new ArrayBuffer(width * values.length));
  for (const [i, value] of values.entries()) view[`set${setter}`](width * i, value, littleEndian);
  return new Uint8Array(view.buffer);
}

const IDX_TYPES = { Uint8: 8, Int8: 9, Int16: 11, Int32: 12, Float32: 13, Float64: 14 } as const;

/** An IDX file. */
export function idxFile(
  shape: readonly number[],
  values: readonly number[],
  type: keyof typeof IDX_TYPES = "Uint8",
): Uint8Array<ArrayBuffer> {
  const head = Uint8Array.of(0, 0, IDX_TYPES[type], shape.length);
  return concat(head, encode("Uint32", shape, false), encode(type, values, false));
}

/** An npy file with some header. */
export function npyFile(
  header: string,
  data: Uint8Array,
  version: 1 | 2 | 3 = 1,
): Uint8Array<ArrayBuffer> {
  const text = bytesOf(header.padEnd(117) + "\n");
  const magic = Uint8Array.of(0x93, ...bytesOf("NUMPY"), version, 0);
  const length = encode(version === 1 ? "Uint16" : "Uint32", [text.length], true);
  return concat(magic, length, text, data);
}

/** The header of an npy file as NumPy writes it. */
export function npyHeader(descr: string, shape: string, fortran = "False"): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
}
