/**
 * The latent space: a plane for two latents, sliders for any other number.
 *
 * @module
 */
import type { LatentsOptions, LatentsView } from "./latents_view.ts";
import { openPlane } from "./plane.ts";
import { openSliders } from "./sliders.ts";

/** Opens the view that fits. */
export function openLatents(options: LatentsOptions): LatentsView {
  return options.latent === 2 ? openPlane(options) : openSliders(options);
}
