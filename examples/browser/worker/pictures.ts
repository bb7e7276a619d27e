/**
 * The visitor's own pictures, cut square and made small.
 *
 * @module
 */
import { dataset } from "../../../mod.ts";
import type { Data } from "./data.ts";
import { refuse } from "./refusal.ts";

/** Fewer than this are no data set. */
const FEWEST = 20;

/** Less than this of a picture, across or down, is no picture. */
const SMALLEST = 4;

/** Channels that differ by less than this are taken for grey. */
const GREY = 12;

/** Some names, not all of them. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `“${name}”`).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** The middle square of a picture as RGBA, `size` pixels across and down. */
async function pixelsOf(
  file: File,
  size: number,
): Promise<{ data: Uint8ClampedArray; cut: boolean }> {
  const picture = await createImageBitmap(file);
  try {
    const { width, height } = picture, side = Math.min(width, height);
    if (side < SMALLEST) throw new RangeError(`${width} × ${height}`);
    const canvas = new OffscreenCanvas(size, size);
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    context.imageSmoothingQuality = "high";
    context.fillStyle = "white"; // What is transparent is paper.
    context.fillRect(0, 0, size, size);
    const left = (width - side) / 2, top = (height - side) / 2;
    context.drawImage(picture, left, top, side, side, 0, 0, size, size);
    const { data } = context.getImageData(0, 0, size, size);
    return { data, cut: width !== height || side !== size };
  } finally {
    picture.close();
  }
}

/** Whether every pixel is about as red as it is green and blue. */
function isGrey(data: Uint8ClampedArray): boolean {
  for (let i = 0; i < data.length; i += 4) {
    const [red, green, blue] = [data[i]!, data[i + 1]!, data[i + 2]!];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > GREY) return false;
  }
  return true;
}

/** Reads pictures, and leaves out those that cannot be read. */
export async function readPictures(files: readonly File[], size: number): Promise<Data> {
  const read: Uint8ClampedArray[] = [], damaged: string[] = [];
  let cut = 0;
  for (const file of files) {
    try {
      const picture = await pixelsOf(file, size);
      read.push(picture.data);
      if (picture.cut) cut++;
    } catch {
      damaged.push(file.name);
    }
  }
  if (read.length === 0) {
    refuse(
      `${some(damaged)} could not be read as ${files.length === 1 ? "a picture" : "pictures"}.`,
      "Choose PNG or JPEG files, or one CSV file.",
    );
  }
  if (read.length < FEWEST) {
    refuse(
      read.length === 1
        ? "One picture is no data set."
        : `${read.length} pictures are too few to train on.`,
      `Choose at least ${FEWEST}, better some hundreds: all of them at once.`,
    );
  }
  const grey = read.every(isGrey), channels = grey ? 1 : 3, pixels = size * size;
  const values = new Float32Array(read.length * pixels * channels);
  read.forEach((data, row) => {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        const value = data[pixel * 4 + channel]! / 255;
        // Ink on paper, like the digits.
        values[(row * pixels + pixel) * channels + channel] = grey ? 1 - value : value;
      }
    }
  });
  const notes: string[] = [];
  if (cut > 0) {
    notes.push(
      `${
        cut === read.length ? "All" : cut
      } of ${read.length} pictures were of another size: their middle ` +
        `square was scaled to ${size} × ${size} pixels.`,
    );
  }
  if (damaged.length > 0) {
    notes.push(
      `Left out, as they are no pictures, or smaller than ${SMALLEST} pixels: ${some(damaged)}.`,
    );
  }
  return {
    name: `${read.length} pictures`,
    dataset: dataset(values, {
      shape: grey ? [size, size] : [size, size, 3],
      support: "unit",
    }),
    values,
    picture: { height: size, width: size, channels },
    notes,
  };
}
