/**
 * Pictures of what a model has learned: sheets of small images as PNG, curves as SVG.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { encode } from "fast-png";
import { parseHTML } from "linkedom";
import type { EpochReport, Tensor } from "../../mod.ts";

/** How small images are laid out on a sheet. */
export interface SheetOptions {
  /** The number of images in a row. */
  readonly columns: number;
  /** How many pixels of the sheet one pixel of an image becomes, across and down. */
  readonly zoom?: number;
  /** The pixels between two images. */
  readonly gap?: number;
}

/** The grey of the paper between the images. */
const PAPER = 255;

/**
 * Images next to each other in one PNG, ink on paper.
 *
 * @param images Values between 0 (paper) and 1 (ink) `[n, height, width]`.
 * @param options Columns, zoom and gap.
 */
export async function sheet(
  images: Tensor,
  { columns, zoom = 2, gap = 2 }: SheetOptions,
): Promise<Uint8Array> {
  const [count, height, width] = images.shape as [number, number, number];
  const values = await images.data();
  const rows = Math.ceil(count / columns);
  const size = {
    width: columns * (width * zoom + gap) + gap,
    height: rows * (height * zoom + gap) + gap,
  };
  const data = new Uint8Array(size.width * size.height).fill(PAPER);
  for (let image = 0; image < count; image++) {
    const left = gap + (image % columns) * (width * zoom + gap);
    const top = gap + Math.floor(image / columns) * (height * zoom + gap);
    for (let y = 0; y < height * zoom; y++) {
      for (let x = 0; x < width * zoom; x++) {
        const pixel = (image * height + Math.floor(y / zoom)) * width + Math.floor(x / zoom);
        const ink = Math.min(1, Math.max(0, values[pixel]!));
        data[(top + y) * size.width + left + x] = Math.round(255 * (1 - ink));
      }
    }
  }
  return encode({ ...size, data, channels: 1 });
}

/** Writes such a PNG. */
export async function writeSheet(
  path: string,
  images: Tensor,
  options: SheetOptions,
): Promise<void> {
  await Deno.writeFile(path, await sheet(images, options));
}

/** The ELBO of training and validation over the epochs as an SVG. */
export function curves(history: readonly EpochReport[]): string {
  const points = history.flatMap(({ epoch, training, validation }) =>
    Object.entries({ training, validation }).flatMap(([data, ledger]) =>
      ledger?.bound === undefined ? [] : [{ epoch, data, nats: ledger.bound.nats }]
    )
  );
  // Types of the page are not among those of a program.
  const { document } = parseHTML("<html></html>") as unknown as { document: never };
  const svg = Plot.plot({
    document,
    width: 640,
    height: 360,
    marginLeft: 56,
    grid: true,
    style: { fontSize: "13px", background: "white" },
    color: { domain: ["training", "validation"], range: ["#4269d0", "#ff725c"] },
    x: { label: "epoch", tickFormat: "d" },
    // The first epochs are far below the rest: the curve is told by where it ends.
    y: {
      label: "ELBO, nats per datum",
      domain: elboDomain(points.map(({ nats }) => nats)),
      clamp: true,
    },
    marks: [
      Plot.line(points, { x: "epoch", y: "nats", z: "data", stroke: "data", strokeWidth: 2 }),
      Plot.text(
        points,
        Plot.selectLast({
          x: "epoch",
          y: "nats",
          z: "data",
          text: "data",
          fill: "data",
          dy: -10,
          textAnchor: "end",
        }),
      ),
    ],
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return svg.outerHTML;
}

/** Writes such an SVG. */
export async function writeCurves(path: string, history: readonly EpochReport[]): Promise<void> {
  await Deno.writeTextFile(path, curves(history));
}

/** From the ELBO reached half-way up in rank, generously below, to a little above the best. */
function elboDomain(nats: readonly number[]): [number, number] {
  const sorted = nats.toSorted((a, b) => a - b);
  const best = sorted.at(-1)!;
  const middle = sorted[Math.floor(sorted.length / 2)]!;
  const span = Math.max(1, best - middle);
  return [Math.max(sorted[0]!, best - 8 * span), best + span / 2];
}
