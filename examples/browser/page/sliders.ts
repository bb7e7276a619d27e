/**
 * A slider for every latent, under pictures of what it changes: traversals from the origin or from a
 * test datum.
 *
 * @module
 */
import { openClassPad } from "./class_pad.ts";
import { latestOnly, openDecoded } from "./decoded.ts";
import { make } from "./dom.ts";
import type { LatentsOptions, LatentsView } from "./latents_view.ts";
import { colours } from "./surface.ts";
import { pixelsOf } from "./sheet.ts";
import { fixed } from "./text.ts";

/** How far a slider goes, and the pictures on the way. */
const RANGE = 3, PICTURES = 7;

/** Room between two pictures of one traversal, in their own pixels. */
const GAP = 1;

/** A number below the line. */
function subscript(value: number): string {
  return Array.from(String(value), (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}

/** For every latent the others as they are, and itself on its way `[K · PICTURES, K]`. */
function traversalsOf(latents: Float32Array): Float32Array<ArrayBuffer> {
  const latent = latents.length, values = new Float32Array(latent * PICTURES * latent);
  for (let k = 0; k < latent; k++) {
    for (let i = 0; i < PICTURES; i++) {
      const start = (k * PICTURES + i) * latent;
      values.set(latents, start);
      values[start + k] = RANGE * (2 * i / (PICTURES - 1) - 1);
    }
  }
  return values;
}

/** Opens the sliders. */
export function openSliders(
  { info, latent, conditional, decode, encode }: LatentsOptions,
): LatentsView {
  const { picture, classes } = info;
  const latents = new Float32Array(latent);
  const decoded = openDecoded(info);
  let live = false, next = 0;

  const askPoint = latestOnly(async () => {
    decoded.show(await decode({ values: latents.slice(), label: pad?.label() ?? 0 }));
  });
  const askTraversals = latestOnly(async () => {
    if (picture === undefined) return;
    const values = traversalsOf(latents), ground = colours();
    const rows = await decode({ values, label: pad?.label() ?? 0 });
    sliders.forEach(({ strip }, k) => {
      const context = strip.getContext("2d")!;
      for (let i = 0; i < PICTURES; i++) {
        const pixels = pixelsOf(rows, k * PICTURES + i, picture, ground);
        context.putImageData(pixels, i * (picture.width + GAP), 0);
      }
    });
  });
  function ask(): void {
    if (!live) return;
    askPoint();
    askTraversals();
  }
  const pad = conditional ? openClassPad(classes ?? [], ask) : undefined;

  const sliders = Array.from({ length: latent }, (_, k) => {
    const output = make("output", {}, "0.0");
    const input = make("input", {
      type: "range",
      min: String(-RANGE),
      max: String(RANGE),
      step: "0.1",
      value: "0",
      "aria-label": `z ${k + 1}`,
    });
    input.addEventListener("input", () => {
      latents[k] = input.valueAsNumber;
      output.textContent = fixed(latents[k]!, 1);
      ask();
    });
    const strip = make("canvas", { class: "strip", "aria-hidden": "true" });
    strip.width = picture === undefined ? 0 : PICTURES * (picture.width + GAP) - GAP;
    strip.height = picture?.height ?? 0;
    strip.hidden = picture === undefined;
    const name = make("span", { class: "name" }, `z${subscript(k + 1)}`);
    const element = make("label", { class: "slider" }, strip, name, input, output);
    return { input, output, strip, element };
  });

  function put(values: ArrayLike<number>): void {
    sliders.forEach(({ input, output }, k) => {
      latents[k] = values[k]!;
      input.value = String(latents[k]);
      output.textContent = fixed(latents[k]!, 1);
    });
    ask();
  }

  const origin = make("button", { type: "button", class: "quiet" }, "From the origin");
  origin.addEventListener("click", () => put(new Float32Array(latent)));
  const datum = make("button", { type: "button", class: "quiet" }, "From a test datum");
  const askDatum = latestOnly(async () => {
    const { latents, label } = await encode(next++);
    if (label !== undefined) pad?.choose(label);
    put(latents);
  });
  datum.addEventListener("click", () => {
    if (live) askDatum();
  });
  const side = make("div", { class: "side" }, decoded.element);
  if (pad !== undefined) side.append(pad.element);
  side.append(make("div", { class: "starts" }, origin, datum));
  return {
    element: make(
      "div",
      { class: "latents-sliders" },
      make("div", { class: "sliders" }, ...sliders.map(({ element }) => element)),
      side,
    ),
    note: picture === undefined
      ? `Each slider moves one latent from −${RANGE} to ${RANGE}; all of them are decoded.`
      : `Traversals: each slider moves one latent from −${RANGE} to ${RANGE}; the pictures show where to.`,
    update() {
      live = true;
      ask();
    },
    snapshot: () => picture === undefined ? undefined : stackOf(sliders.map(({ strip }) => strip)),
  };
}

/** Canvases of one size below each other, on paper. */
function stackOf(strips: readonly HTMLCanvasElement[]): HTMLCanvasElement {
  const { width, height } = strips[0]!, canvas = make("canvas"), zoom = 4;
  canvas.width = width * zoom;
  canvas.height = (strips.length * (height + GAP) - GAP) * zoom;
  const context = canvas.getContext("2d")!;
  context.imageSmoothingEnabled = false;
  context.fillStyle = colours().paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  strips.forEach((strip, k) =>
    context.drawImage(strip, 0, k * (height + GAP) * zoom, width * zoom, height * zoom)
  );
  return canvas;
}
