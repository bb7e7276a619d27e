/**
 * A slider for every latent: traversals from the origin or from a test datum.
 *
 * @module
 */
import type { DataInfo, Rows } from "../protocol.ts";
import { latestOnly, openDecoded } from "./decoded.ts";
import { make } from "./dom.ts";
import type { LatentsView } from "./latents_view.ts";
import { fixed } from "./text.ts";

/** How far a slider goes. */
const RANGE = 4;

/** A number below the line. */
function subscript(value: number): string {
  return Array.from(String(value), (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}

/** Opens the sliders. */
export function openSliders(
  info: DataInfo,
  latent: number,
  decode: (latents: Float32Array<ArrayBuffer>) => Promise<Rows>,
  encode: (index: number) => Promise<Float32Array>,
): LatentsView {
  const latents = new Float32Array(latent);
  const decoded = openDecoded(info);
  let live = false, next = 0;
  const ask = latestOnly(async () => decoded.show(await decode(latents.slice())));

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
      if (live) ask(undefined as never);
    });
    const name = make("span", { class: "name" }, `z${subscript(k + 1)}`);
    return { input, output, element: make("label", { class: "slider" }, name, input, output) };
  });

  function put(values: ArrayLike<number>): void {
    sliders.forEach(({ input, output }, k) => {
      latents[k] = values[k]!;
      input.value = String(latents[k]);
      output.textContent = fixed(latents[k]!, 1);
    });
    if (live) ask(undefined as never);
  }

  const origin = make("button", { type: "button", class: "quiet" }, "From the origin");
  origin.addEventListener("click", () => put(new Float32Array(latent)));
  const datum = make("button", { type: "button", class: "quiet" }, "From a test datum");
  datum.addEventListener("click", async () => {
    if (live) put(await encode(next++));
  });
  const side = make("div", { class: "side" }, decoded.element, origin, datum);
  return {
    element: make(
      "div",
      { class: "latents-sliders" },
      make("div", { class: "sliders" }, ...sliders.map(({ element }) => element)),
      side,
    ),
    note:
      "Each slider moves one latent, and all of them are decoded. The prior is mostly within ±2.",
    update() {
      live = true;
      ask(undefined as never);
    },
  };
}
