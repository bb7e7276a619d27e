/**
 * The latent space: a plane for two latents, sliders for any other number.
 *
 * @module
 */
import type { DataInfo, Rows } from "../protocol.ts";
import type { LatentsView } from "./latents_view.ts";
import { openPlane } from "./plane.ts";
import { openSliders } from "./sliders.ts";

/** Opens the view that fits. */
export function openLatents(
  info: DataInfo,
  latent: number,
  decode: (latents: Float32Array<ArrayBuffer>) => Promise<Rows>,
  encode: (index: number) => Promise<Float32Array>,
): LatentsView {
  return latent === 2 ? openPlane(info, decode) : openSliders(info, latent, decode, encode);
}
