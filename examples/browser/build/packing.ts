/**
 * How the digits are packed: for each of them its class in one byte, and its pixels with 1 or 4 bits
 * each, the first one in the highest bits.
 *
 * @module
 */

/** The pixels across and down. */
export const SIDE = 28;

const PIXELS = SIDE * SIDE;

/** The bits of a pixel. */
export type Bits = 1 | 4;

/** The files, by the bits of a pixel. */
export const DIGITS_FILE: { readonly [bits in Bits]: string } = {
  1: "digits.bin",
  4: "digits-grey.bin",
};

/** Digits and their classes. */
export interface Digits {
  /** From 0 to 1 `[n, 28, 28]`, one row after the other. */
  readonly values: Float32Array;
  readonly classes: Uint8Array;
}

/** The bytes of one digit. */
function bytesOf(bits: Bits): number {
  return 1 + PIXELS * bits / 8;
}

/** Packs digits. */
export function pack({ values, classes }: Digits, bits: Bits): Uint8Array<ArrayBuffer> {
  const width = bytesOf(bits), most = 2 ** bits - 1;
  const packed = new Uint8Array(classes.length * width);
  for (let row = 0; row < classes.length; row++) {
    packed[row * width] = classes[row]!;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const value = Math.round(values[row * PIXELS + pixel]! * most), bit = pixel * bits;
      packed[row * width + 1 + (bit >> 3)]! |= value << (8 - bits - (bit & 7));
    }
  }
  return packed;
}

/** Unpacks digits. */
export function unpack(packed: Uint8Array, bits: Bits): Digits {
  const width = bytesOf(bits), most = 2 ** bits - 1, count = Math.floor(packed.length / width);
  const classes = new Uint8Array(count), values = new Float32Array(count * PIXELS);
  for (let row = 0; row < count; row++) {
    classes[row] = packed[row * width]!;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const bit = pixel * bits, byte = packed[row * width + 1 + (bit >> 3)]!;
      values[row * PIXELS + pixel] = (byte >> (8 - bits - (bit & 7)) & most) / most;
    }
  }
  return { values, classes };
}
