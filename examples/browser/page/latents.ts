/**
 * The latent space: a plane for two latents, sliders for any other number.
 *
 * @module
 */
import type { DataInfo, Rows } from "../protocol.ts";
import { openPlane } from "./plane.ts";
import { openSliders } from "./sliders.ts";

/** What shows the latent space. */
export interface LatentsView {
  readonly element: HTMLElement;
  /** What it shows, in a sentence. */
  readonly note: string;
  /** The model is another: these are the means of the test data `[n, K]`, and their classes. */
  readonly update: (values: Float32Array, classes?: Uint8Array) => void;
  /** The picture that can be exported, where there is one. */
  readonly snapshot?: () => HTMLCanvasElement;
}

/** Opens the view that fits. */
export function openLatents(
  info: DataInfo,
  latent: number,
  decode: (latents: Float32Array<ArrayBuffer>) => Promise<Rows>,
  encode: (index: number) => Promise<Float32Array>,
): LatentsView {
  return latent === 2 ? openPlane(info, decode) : openSliders(info, latent, decode, encode);
}
