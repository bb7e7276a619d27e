/**
 * A plane of two latents: the means of the test data in their classes' colours, and a point that is
 * decoded wherever it goes.
 *
 * @module
 */
import type { Rows } from "../protocol.ts";
import { openClassPad } from "./class_pad.ts";
import { latestOnly, openDecoded } from "./decoded.ts";
import { make, wantsStillness } from "./dom.ts";
import type { LatentsOptions, LatentsView } from "./latents_view.ts";
import {
  type Center,
  centersOf,
  drawAxes,
  drawGrid,
  drawMeans,
  drawNames,
  drawPoint,
  type Frame,
  type Means,
  quantile,
} from "./plane_drawing.ts";
import { openSurface } from "./surface.ts";
import { fixed } from "./text.ts";

/** How far the axes may go. */
const RANGES = [3.5, 5, 7, 10, 15, 25, 50];

/** The pictures across and down where the plane itself is decoded. */
const GRID = 15;

/** Milliseconds in which points go to their new places. */
const MOVE = 350;

/** What the plane shows. */
type Mode = "means" | "pictures";

/** Where a key moves the point. */
function moved(
  [a, b]: readonly [number, number],
  { key, shiftKey }: KeyboardEvent,
): readonly [number, number] | undefined {
  const step = shiftKey ? 0.5 : 0.1;
  switch (key) {
    case "ArrowLeft":
      return [a - step, b];
    case "ArrowRight":
      return [a + step, b];
    case "ArrowUp":
      return [a, b + step];
    case "ArrowDown":
      return [a, b - step];
    case "Home":
      return [0, 0];
    default:
      return undefined;
  }
}

/** A grid of latents over the whole plane `[GRID², 2]`, from the upper left on. */
function latentsOver(range: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(2 * GRID * GRID), step = 2 * range / GRID;
  for (let i = 0; i < GRID * GRID; i++) {
    values[2 * i] = -range + step * (i % GRID + 0.5);
    values[2 * i + 1] = range - step * (Math.floor(i / GRID) + 0.5);
  }
  return values;
}

/** What the plane shows, in a sentence. */
function noteOf({ info: { picture, classes }, conditional }: LatentsOptions): string {
  const coloured = classes === undefined ? "" : ", coloured by class";
  const pictures = picture === undefined ? "" : ", or the plane decoded";
  return conditional
    ? `The means of q(z|x, c) of the test data${coloured}: told the class, z is left with the style.`
    : `The means of q(z|x) of the test data${coloured}${pictures}.`;
}

/** Opens the plane. */
export function openPlane(options: LatentsOptions): LatentsView {
  const { info: { picture, classes }, conditional, decode } = options;
  let range = RANGES[0]!;
  let means: Means | undefined, from: Float32Array | undefined, movedAt = 0;
  let centers: readonly Center[] = [];
  let grid: Rows | undefined, shown: Mode = "means";
  let at: readonly [number, number] = [0, 0];

  const decoded = openDecoded(options.info);
  const readout = make("output", { class: "readout" }, "z = (0.00, 0.00)");
  const invitation = make(
    "p",
    { class: "invitation" },
    "Start training: every test datum becomes a point here, and what you touch is decoded.",
  );
  const help = make(
    "p",
    { class: "hint", id: "plane-help" },
    "Drag, or press the arrow keys (with Shift for larger steps; Home goes to the origin).",
  );

  const { canvas, invalidate } = openSurface({
    class: "plane",
    tabindex: "0",
    role: "application",
    "aria-roledescription": "plane of two latents",
    "aria-label": "Latent plane",
    "aria-describedby": "plane-help",
  }, (context, width, height, colours) => {
    const x = (z: number): number => width * (z + range) / (2 * range);
    const y = (z: number): number => height * (range - z) / (2 * range);
    const frame: Frame = { context, width, height, colours, range, x, y };
    if (shown === "pictures" && grid !== undefined && picture !== undefined) {
      drawGrid(frame, grid, picture, GRID);
    } else {
      drawAxes(frame);
      if (means !== undefined) {
        const gone = wantsStillness() ? 1 : Math.min(1, (performance.now() - movedAt) / MOVE);
        drawMeans(frame, means, from, gone * (2 - gone));
        if (gone < 1) invalidate();
      }
      // The classes lie on each other where the model is told them.
      if (!conditional) drawNames(frame, centers);
    }
    drawPoint(frame, at);
  });

  const askPoint = latestOnly(async () => {
    decoded.show(await decode({ values: Float32Array.of(...at), label: pad?.label() ?? 0 }));
  });
  const askGrid = latestOnly(async () => {
    grid = await decode({ values: latentsOver(range), label: pad?.label() ?? 0 });
    invalidate();
  });
  function decodeAnew(): void {
    if (means === undefined) return;
    askPoint();
    if (shown === "pictures") askGrid();
  }
  const pad = conditional ? openClassPad(classes ?? [], decodeAnew) : undefined;

  function go(a: number, b: number): void {
    const inside = (z: number): number => Math.min(range, Math.max(-range, z));
    at = [inside(a), inside(b)];
    readout.textContent = `z = (${fixed(at[0], 2)}, ${fixed(at[1], 2)})`;
    if (means !== undefined) askPoint();
    invalidate();
  }

  function follow(event: PointerEvent): void {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    go(
      ((event.clientX - left) / width * 2 - 1) * range,
      (1 - (event.clientY - top) / height * 2) * range,
    );
  }
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    follow(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (
      canvas.hasPointerCapture(event.pointerId) || event.pointerType === "mouse" && event.buttons
    ) {
      follow(event);
    }
  });
  canvas.addEventListener("keydown", (event) => {
    const place = moved(at, event);
    if (place === undefined) return;
    event.preventDefault();
    go(...place);
  });

  const modes = make("fieldset", { class: "modes" }, make("legend", { class: "unseen" }, "Show"));
  for (const [mode, label] of [["means", "Means"], ["pictures", "Pictures"]] as const) {
    const input = make("input", { type: "radio", name: "plane-mode", value: mode });
    input.checked = mode === shown;
    input.addEventListener("change", () => {
      shown = mode;
      if (means !== undefined && mode === "pictures") askGrid();
      invalidate();
    });
    modes.append(make("label", {}, input, make("span", {}, label)));
  }

  const side = make("div", { class: "side" }, decoded.element, readout);
  if (pad !== undefined) side.append(pad.element);
  if (picture !== undefined) side.append(modes);
  side.append(help);
  return {
    element: make(
      "div",
      { class: "latents-plane" },
      make("div", { class: "plane-frame" }, canvas, invitation),
      side,
    ),
    note: noteOf(options),
    update(values, codes) {
      invitation.remove();
      const far = quantile(Array.from(values, Math.abs), 0.98) * 1.08;
      range = RANGES.find((range) => range >= far) ?? RANGES.at(-1)!;
      from = means?.values.length === values.length ? means.values : undefined;
      means = { values, codes };
      movedAt = performance.now();
      centers = centersOf(means, classes ?? []);
      decodeAnew();
      invalidate();
    },
    snapshot: () => canvas,
  };
}
