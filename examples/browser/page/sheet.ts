/**
 * Pictures next to each other, ink on paper, or light on dark where the page is dark.
 *
 * @module
 */
import type { PictureShape, Rows } from "../protocol.ts";
import { make } from "./dom.ts";
import { colours } from "./surface.ts";

/** The red, green and blue of a colour that CSS writes as `#rrggbb`. */
function channelsOf(colour: string): [number, number, number] {
  const value = parseInt(colour.slice(1), 16);
  return [value >> 16 & 255, value >> 8 & 255, value & 255];
}

/** One picture of some rows as pixels; grey ones from the paper's colour to the ink's. */
export function pixelsOf(
  { values }: Rows,
  index: number,
  { height, width, channels }: PictureShape,
  ground: { readonly ink: string; readonly paper: string } = colours(),
): ImageData {
  const image = new ImageData(width, height), size = width * height;
  const ink = channelsOf(ground.ink), paper = channelsOf(ground.paper);
  for (let pixel = 0; pixel < size; pixel++) {
    const start = (index * size + pixel) * channels;
    for (let channel = 0; channel < 3; channel++) {
      const value = values[start + (channels === 3 ? channel : 0)]!;
      image.data[4 * pixel + channel] = channels === 3
        ? value
        : paper[channel]! + (ink[channel]! - paper[channel]!) * value / 255;
    }
    image.data[4 * pixel + 3] = 255;
  }
  return image;
}

/** Draws pictures next to each other onto a canvas of their own pixels. */
export function sheetOf(
  rows: readonly Rows[],
  picture: PictureShape,
  columns: number,
  gap: number,
): HTMLCanvasElement {
  const count = Math.min(...rows.map(({ count }) => count));
  const lines = Math.ceil(count / columns) * rows.length;
  const group = rows.length * (picture.height + gap) + (rows.length > 1 ? 3 * gap : 0);
  const groups = lines / rows.length;
  const canvas = make("canvas");
  canvas.width = columns * (picture.width + gap) - gap;
  canvas.height = groups * group - gap - (rows.length > 1 ? 3 * gap : 0);
  const context = canvas.getContext("2d")!;
  const ground = colours();
  context.fillStyle = ground.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  rows.forEach((some, line) => {
    for (let index = 0; index < count; index++) {
      const x = (index % columns) * (picture.width + gap);
      const y = Math.floor(index / columns) * group + line * (picture.height + gap);
      context.putImageData(pixelsOf(some, index, picture, ground), x, y);
    }
  });
  return canvas;
}

/** A sheet four times as large, as a PNG file. */
export async function toPng(sheet: HTMLCanvasElement, zoom = 4): Promise<Blob> {
  const canvas = make("canvas");
  canvas.width = sheet.width * zoom;
  canvas.height = sheet.height * zoom;
  const context = canvas.getContext("2d")!;
  context.imageSmoothingEnabled = false;
  context.drawImage(sheet, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) =>
    canvas.toBlob((blob) => blob ? resolve(blob) : reject(new Error("no PNG")), "image/png")
  );
}
