/**
 * The digits that come with the page: a class and the packed pixels for each of them.
 *
 * @module
 */
import { dataset } from "../../../mod.ts";
import { DIGIT_BYTES, DIGITS_FILE, SIDE } from "../build/packing.ts";
import type { Data } from "./data.ts";
import { refuse } from "./refusal.ts";

const PIXELS = SIDE * SIDE;

/** Reads the digits, black and white or in 16 greys. */
export async function readDigits(grey: boolean): Promise<Data> {
  const bits = grey ? 4 : 1, bytes = DIGIT_BYTES[bits], file = DIGITS_FILE[bits];
  const response = await fetch(new URL(`../${file}`, globalThis.location.href));
  if (!response.ok) {
    refuse(
      `The digits could not be fetched: the server said ${response.status}.`,
      "Reload the page.",
    );
  }
  const packed = new Uint8Array(await response.arrayBuffer());
  const count = Math.floor(packed.length / (1 + bytes)), most = 2 ** bits - 1;
  const codes = new Uint8Array(count), values = new Float32Array(count * PIXELS);
  for (let row = 0; row < count; row++) {
    const start = row * (1 + bytes);
    codes[row] = packed[start]!;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const bit = pixel * bits, byte = packed[start + 1 + (bit >> 3)]!;
      values[row * PIXELS + pixel] = (byte >> (8 - bits - (bit & 7)) & most) / most;
    }
  }
  return {
    name: grey ? "Digits, 16 greys" : "Digits, black and white",
    dataset: dataset(values, { shape: [SIDE, SIDE], support: grey ? "unit" : "binary" }),
    values,
    picture: { height: SIDE, width: SIDE, channels: 1 },
    classes: { names: Array.from("0123456789"), codes },
    notes: [],
  };
}
