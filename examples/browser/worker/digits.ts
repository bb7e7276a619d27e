/**
 * The digits that come with the page.
 *
 * @module
 */
import { dataset } from "../../../mod.ts";
import { DIGITS_FILE, SIDE, unpack } from "../build/packing.ts";
import type { Data } from "./data.ts";
import { refuse } from "./refusal.ts";

/** Reads the digits, black and white or in 16 greys. */
export async function readDigits(grey: boolean): Promise<Data> {
  const bits = grey ? 4 : 1;
  const response = await fetch(new URL(`../${DIGITS_FILE[bits]}`, globalThis.location.href));
  if (!response.ok) {
    refuse(
      `The digits could not be fetched: the server said ${response.status}.`,
      "Reload the page.",
    );
  }
  const { values, classes } = unpack(new Uint8Array(await response.arrayBuffer()), bits);
  return {
    name: grey ? "Digits, 16 greys" : "Digits, black and white",
    dataset: dataset(values, { shape: [SIDE, SIDE], support: grey ? "unit" : "binary" }),
    values,
    picture: { height: SIDE, width: SIDE, channels: 1 },
    classes: { names: Array.from("0123456789"), codes: classes },
    notes: [],
  };
}
