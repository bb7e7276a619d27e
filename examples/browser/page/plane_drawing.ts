/**
 * What is drawn on the plane of two latents.
 *
 * @module
 */
import type { PictureShape, Rows } from "../protocol.ts";
import { pixelsOf } from "./sheet.ts";
import type { Colours } from "./surface.ts";

/** Ten colours that are told apart on light and on dark, by Observable. */
const PALETTE = [
  "#4269d0",
  "#c98a00",
  "#e8563f",
  "#2f9c8f",
  "#3ca951",
  "#e0609c",
  "#9a5ae8",
  "#5d95e0",
  "#9c6b4e",
  "#868a92",
];

/** The code of a class that is not known. */
const UNKNOWN = 255;

/** A canvas, and where latents lie on it. */
export interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly colours: Colours;
  /** How far the axes go. */
  readonly range: number;
  readonly x: (z: number) => number;
  readonly y: (z: number) => number;
}

/** The means of q(z|x) `[n, 2]`, and their classes. */
export interface Means {
  readonly values: Float32Array;
  readonly codes?: Uint8Array | undefined;
}

/** Where a class lies. */
export interface Center {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** The value that so large a share of them stays below. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
}

/** The medians of all classes that have members. */
export function centersOf({ values, codes }: Means, classes: readonly string[]): Center[] {
  return classes.flatMap((name, code) => {
    const members = Array.from(values.keys()).filter((i) => i % 2 === 0 && codes?.[i / 2] === code);
    if (members.length === 0) return [];
    const middle = (axis: number): number => quantile(members.map((i) => values[i + axis]!), 0.5);
    return [{ name, x: middle(0), y: middle(1) }];
  });
}

/** Pictures of the whole plane, so many across and down. */
export function drawGrid(
  { context, width, height, colours: { paper } }: Frame,
  rows: Rows,
  shape: PictureShape,
  across: number,
): void {
  const tile = document.createElement("canvas");
  tile.width = shape.width * across;
  tile.height = shape.height * across;
  const pixels = tile.getContext("2d")!;
  for (let i = 0; i < rows.count; i++) {
    const [left, top] = [(i % across) * shape.width, Math.floor(i / across) * shape.height];
    pixels.putImageData(pixelsOf(rows, i, shape), left, top);
  }
  context.fillStyle = paper;
  context.fillRect(0, 0, width, height);
  context.drawImage(tile, 0, 0, width, height);
}

/** The axes, and circles around the origin. */
export function drawAxes({ context, range, x, y, colours: { line, soft } }: Frame): void {
  context.strokeStyle = line;
  context.lineWidth = 1;
  for (const radius of [1, 2, 3]) {
    context.beginPath();
    context.arc(x(0), y(0), x(radius) - x(0), 0, 2 * Math.PI);
    context.stroke();
  }
  context.beginPath();
  context.moveTo(x(-range), y(0));
  context.lineTo(x(range), y(0));
  context.moveTo(x(0), y(-range));
  context.lineTo(x(0), y(range));
  context.stroke();
  context.fillStyle = soft;
  context.font = "italic 15px Georgia, serif";
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText("z₁", x(range) - 8, y(0) - 4);
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText("z₂", x(0) + 6, y(range) + 8);
  context.font = "12px system-ui, sans-serif";
  for (const z of [1, 2, 3]) context.fillText(`${z}`, x(z) + 4, y(0) + 4);
}

/** The means, so large a share of the way from where they were to where they are. */
export function drawMeans(
  { context, x, y, colours: { accent } }: Frame,
  { values, codes }: Means,
  from: Float32Array = values,
  share = 1,
): void {
  // One path for each class: a thousand of them would take too long.
  const paths = new Map<number, Path2D>();
  for (let i = 0; i < values.length / 2; i++) {
    const code = codes?.[i] ?? 0;
    if (code === UNKNOWN) continue;
    const [a, b] = [from[2 * i]!, from[2 * i + 1]!];
    const left = x(a + share * (values[2 * i]! - a)), top = y(b + share * (values[2 * i + 1]! - b));
    const path = paths.get(code) ?? new Path2D();
    paths.set(code, path);
    path.moveTo(left + 2.5, top);
    path.arc(left, top, 2.5, 0, 2 * Math.PI);
  }
  context.globalAlpha = 0.75;
  for (const [code, path] of paths) {
    context.fillStyle = codes === undefined ? accent : PALETTE[code % PALETTE.length]!;
    context.fill(path);
  }
  context.globalAlpha = 1;
}

/** The names of the classes. */
export function drawNames(
  { context, x, y, colours: { ink, paper } }: Frame,
  centers: readonly Center[],
): void {
  context.font = "600 15px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.lineJoin = "round";
  for (const center of centers) {
    context.strokeStyle = paper;
    context.strokeText(center.name, x(center.x), y(center.y));
    context.fillStyle = ink;
    context.fillText(center.name, x(center.x), y(center.y));
  }
}

/** The point that is decoded. */
export function drawPoint(
  { context, x, y, colours: { accent, paper } }: Frame,
  [a, b]: readonly [number, number],
): void {
  context.beginPath();
  context.arc(x(a), y(b), 10, 0, 2 * Math.PI);
  context.strokeStyle = paper;
  context.lineWidth = 6;
  context.stroke();
  context.strokeStyle = accent;
  context.lineWidth = 3;
  context.stroke();
}
