/**
 * Canvases that are as sharp as the screen, and drawn anew when their size or the colours change.
 *
 * @module
 */
import { make } from "./dom.ts";

/** The colours of the page, as its style sheet has them. */
export interface Colours {
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly accent: string;
  readonly dark: boolean;
}

const darkness = matchMedia("(prefers-color-scheme: dark)");

/** The colours of the moment. */
export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: read("panel"),
    ink: read("ink"),
    soft: read("soft"),
    line: read("line"),
    accent: read("accent"),
    dark: darkness.matches,
  };
}

/** What is drawn on. */
export interface Surface {
  readonly canvas: HTMLCanvasElement;
  /** Draws with the next frame. */
  readonly invalidate: () => void;
}

/** Draws in CSS pixels. */
export type Draw = (
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  colours: Colours,
) => void;

/**
 * A canvas as large as its style makes it.
 *
 * @param attributes Those of the canvas.
 * @param draw What is on it.
 */
export function openSurface(attributes: Readonly<Record<string, string>>, draw: Draw): Surface {
  const canvas = make("canvas", attributes);
  let asked = false;
  function paint(): void {
    asked = false;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0 || height === 0) return;
    const ratio = devicePixelRatio || 1;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    const context = canvas.getContext("2d")!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, width, height, colours());
  }
  function invalidate(): void {
    if (asked) return;
    asked = true;
    requestAnimationFrame(paint);
  }
  new ResizeObserver(invalidate).observe(canvas);
  darkness.addEventListener("change", invalidate);
  return { canvas, invalidate };
}
