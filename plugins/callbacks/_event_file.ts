/**
 * The event files of TensorBoard: records of one `Event` each.
 *
 * A record is the length of its data in eight bytes, the masked CRC of these, the data, and the masked
 * CRC of the data; all little-endian. The CRC is CRC-32C (RFC 3720, appendix B.4), masked as
 * rot₁₅(crc) + 0xa282ead8. https://www.tensorflow.org/tutorials/load_data/tfrecord
 *
 * The fields of `Event` and `Summary` are those of `event.proto` and `summary.proto` in
 * https://github.com/tensorflow/tensorboard.
 *
 * @module
 */
import { lazy } from "../../core/deps.ts";

/** What is used of the writer of `@bufbuild/protobuf`. */
interface Writer {
  tag(field: number, type: number): Writer;
  double(value: number): Writer;
  float(value: number): Writer;
  int64(value: number): Writer;
  string(value: string): Writer;
  bytes(value: Uint8Array): Writer;
  finish(): Uint8Array;
}

/** The wire types of protocol buffers. */
const VARINT = 0, BIT64 = 1, LENGTH_DELIMITED = 2, BIT32 = 5;

/** The polynomial of CRC-32C, its bits reversed. */
const CASTAGNOLI = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CASTAGNOLI : crc >>> 1;
  return crc;
});

/** The CRC-32C of some bytes. */
export function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Data as one record. */
export function recordOf(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(16 + data.length), view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(record.subarray(0, 8))), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return record;
}

/** Makes the records of event files. */
export interface Events {
  /** The record that a file begins with. */
  readonly start: (seconds: number) => Uint8Array;
  /** Some numbers at one step. */
  readonly scalars: (
    seconds: number,
    step: number,
    values: ReadonlyMap<string, number>,
  ) => Uint8Array;
}

/** Loads what it takes to make events. */
export async function loadEvents(): Promise<Events> {
  const { BinaryWriter } = await lazy.protobuf() as { BinaryWriter: new () => Writer };
  const event = (seconds: number): Writer => new BinaryWriter().tag(1, BIT64).double(seconds);
  return {
    start: (seconds) =>
      recordOf(event(seconds).tag(3, LENGTH_DELIMITED).string("brain.Event:2").finish()),
    scalars: (seconds, step, values) => {
      const summary = new BinaryWriter();
      for (const [name, value] of values) {
        const scalar = new BinaryWriter()
          .tag(1, LENGTH_DELIMITED).string(name)
          .tag(2, BIT32).float(value);
        summary.tag(1, LENGTH_DELIMITED).bytes(scalar.finish());
      }
      const numbered = event(seconds).tag(2, VARINT).int64(step);
      return recordOf(numbered.tag(5, LENGTH_DELIMITED).bytes(summary.finish()).finish());
    },
  };
}
