/**
 * A plane of two latents: the means of the test data in their classes' colours, and a point that is
 * decoded wherever it goes.
 *
 * @module
 */
import type { DataInfo, Rows } from "../protocol.ts";
import { latestOnly, openDecoded } from "./decoded.ts";
import { make, wantsStillness } from "./dom.ts";
import type { LatentsView } from "./latents_view.ts";
import { pixelsOf } from "./sheet.ts";
import { type Colours, openSurface } from "./surface.ts";
import { fixed } from "./text.ts";

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

/** How far the axes may go. */
const RANGES = [3.5, 5, 7, 10, 15, 25, 50];

/** The pictures across and down where the plane itself is decoded. */
const GRID = 15;

/** Milliseconds in which points go to their new places. */
const MOVE = 350;

/** The colour of a class. */
function colourOf(code: number, { accent }: Colours, classes: boolean): string {
  return classes ? PALETTE[code % PALETTE.length]! : accent;
}

/** The value that so large a share of them stays below. */
function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
}

/** Opens the plane. */
export function openPlane(
  info: DataInfo,
  decode: (latents: Float32Array<ArrayBuffer>) => Promise<Rows>,
): LatentsView {
  const { picture, classes } = info;
  let range = RANGES[0]!;
  let from: Float32Array | undefined, to: Float32Array | undefined, codes: Uint8Array | undefined;
  let movedAt = 0;
  let centers: { readonly name: string; readonly x: number; readonly y: number; code: number }[] =
    [];
  let grid: Rows | undefined, shown: "means" | "pictures" = "means";
  let at: readonly [number, number] = [0, 0], live = false;

  const decoded = openDecoded(info);
  const readout = make("output", { class: "readout" }, "z = (0.00, 0.00)");
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
    if (shown === "pictures" && grid !== undefined && picture !== undefined) {
      drawGrid(context, width, height, grid, colours);
    } else {
      drawPrior(context, x, y, colours);
      const moving = drawPoints(context, x, y, colours);
      drawNames(context, x, y, colours);
      if (moving) invalidate();
    }
    drawCursor(context, x(at[0]), y(at[1]), colours);
  });

  function drawGrid(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    rows: Rows,
    { paper }: Colours,
  ): void {
    const tile = document.createElement("canvas"), shape = picture!;
    tile.width = shape.width * GRID;
    tile.height = shape.height * GRID;
    const pixels = tile.getContext("2d")!;
    for (let i = 0; i < rows.count; i++) {
      const [left, top] = [(i % GRID) * shape.width, Math.floor(i / GRID) * shape.height];
      pixels.putImageData(pixelsOf(rows, i, shape), left, top);
    }
    context.fillStyle = paper;
    context.fillRect(0, 0, width, height);
    context.drawImage(tile, 0, 0, width, height);
  }

  function drawPrior(
    context: CanvasRenderingContext2D,
    x: (z: number) => number,
    y: (z: number) => number,
    { line, soft }: Colours,
  ): void {
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
    context.font = "italic 14px Georgia, serif";
    context.textAlign = "right";
    context.textBaseline = "bottom";
    context.fillText("z₁", x(range) - 8, y(0) - 4);
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText("z₂", x(0) + 6, y(range) + 8);
    context.font = "12px system-ui, sans-serif";
    for (const z of [1, 2, 3]) context.fillText(`${z}`, x(z) + 4, y(0) + 4);
  }

  /** Draws the means; answers whether they are still on their way. */
  function drawPoints(
    context: CanvasRenderingContext2D,
    x: (z: number) => number,
    y: (z: number) => number,
    colours: Colours,
  ): boolean {
    if (to === undefined) return false;
    const gone = wantsStillness() ? 1 : Math.min(1, (performance.now() - movedAt) / MOVE);
    const share = gone * (2 - gone);
    // One path for each class: a thousand of them would take too long.
    const paths = new Map<number, Path2D>();
    for (let i = 0; i < to.length / 2; i++) {
      const code = codes?.[i] ?? 0;
      if (code === 255) continue; // Of no known class.
      const [a, b] = [from?.[2 * i] ?? to[2 * i]!, from?.[2 * i + 1] ?? to[2 * i + 1]!];
      const left = x(a + share * (to[2 * i]! - a)), top = y(b + share * (to[2 * i + 1]! - b));
      const path = paths.get(code) ?? new Path2D();
      paths.set(code, path);
      path.moveTo(left + 2.5, top);
      path.arc(left, top, 2.5, 0, 2 * Math.PI);
    }
    context.globalAlpha = 0.75;
    for (const [code, path] of paths) {
      context.fillStyle = colourOf(code, colours, classes !== undefined);
      context.fill(path);
    }
    context.globalAlpha = 1;
    return gone < 1;
  }

  function drawNames(
    context: CanvasRenderingContext2D,
    x: (z: number) => number,
    y: (z: number) => number,
    colours: Colours,
  ): void {
    context.font = "600 14px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 4;
    context.lineJoin = "round";
    for (const center of centers) {
      context.strokeStyle = colours.paper;
      context.strokeText(center.name, x(center.x), y(center.y));
      context.fillStyle = colours.ink;
      context.fillText(center.name, x(center.x), y(center.y));
    }
  }

  function drawCursor(
    context: CanvasRenderingContext2D,
    x: number,
    y: number,
    { accent, paper }: Colours,
  ): void {
    context.beginPath();
    context.arc(x, y, 10, 0, 2 * Math.PI);
    context.strokeStyle = paper;
    context.lineWidth = 5;
    context.stroke();
    context.strokeStyle = accent;
    context.lineWidth = 2.5;
    context.stroke();
  }

  const askPoint = latestOnly(async ([a, b]: readonly [number, number]) => {
    decoded.show(await decode(Float32Array.of(a, b)));
  });
  const askGrid = latestOnly(async () => {
    const latents = new Float32Array(2 * GRID * GRID), step = 2 * range / GRID;
    for (let i = 0; i < GRID * GRID; i++) {
      latents[2 * i] = -range + step * (i % GRID + 0.5);
      latents[2 * i + 1] = range - step * (Math.floor(i / GRID) + 0.5);
    }
    grid = await decode(latents);
    invalidate();
  });

  function go(a: number, b: number): void {
    const inside = (z: number): number => Math.min(range, Math.max(-range, z));
    at = [inside(a), inside(b)];
    readout.textContent = `z = (${fixed(at[0], 2)}, ${fixed(at[1], 2)})`;
    if (live) askPoint(at);
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
    const step = event.shiftKey ? 0.5 : 0.1;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [at[0] - step, at[1]],
      ArrowRight: [at[0] + step, at[1]],
      ArrowUp: [at[0], at[1] + step],
      ArrowDown: [at[0], at[1] - step],
      Home: [0, 0],
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    go(...move);
  });

  const modes = make("fieldset", { class: "modes" }, make("legend", { class: "unseen" }, "Show"));
  for (const [mode, label] of [["means", "Means"], ["pictures", "Pictures"]] as const) {
    const input = make("input", { type: "radio", name: "plane-mode", value: mode });
    input.checked = mode === shown;
    input.addEventListener("change", () => {
      shown = mode;
      if (live && mode === "pictures") askGrid(undefined as never);
      invalidate();
    });
    modes.append(make("label", {}, input, make("span", {}, label)));
  }

  const side = make("div", { class: "side" }, decoded.element, readout, help);
  if (picture !== undefined) side.append(modes);
  return {
    element: make("div", { class: "latents-plane" }, canvas, side),
    note: [
      "The means of q(z|x) of the test data",
      ...classes ? [", coloured by class"] : [],
      ...picture ? [", or the plane decoded"] : [],
      ".",
    ].join(""),
    update(values, newCodes) {
      live = true;
      const far = quantile(Array.from(values, Math.abs), 0.98) * 1.08;
      const wanted = RANGES.find((range) => range >= far) ?? RANGES.at(-1)!;
      range = wanted;
      from = to?.length === values.length ? to : undefined;
      [to, codes, movedAt] = [values, newCodes, performance.now()];
      centers = (classes ?? []).flatMap((name, code) => {
        const members = Array.from(values.keys()).filter((i) =>
          i % 2 === 0 && newCodes?.[i / 2] === code
        );
        if (members.length === 0) return [];
        const x = quantile(members.map((i) => values[i]!), 0.5);
        return [{ name, code, x, y: quantile(members.map((i) => values[i + 1]!), 0.5) }];
      });
      askPoint(at);
      if (shown === "pictures") askGrid(undefined as never);
      invalidate();
    },
    snapshot: () => canvas,
  };
}
