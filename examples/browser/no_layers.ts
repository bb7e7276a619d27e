/**
 * In the place of `plugins/networks/layers.ts`: this page loads no layers of TensorFlow.js, and
 * refuses a model file that has some.
 *
 * @module
 */
import { wrongType } from "../../core/errors.ts";
import type { AnyNetwork } from "../../core/network.ts";

/** There are none here. */
export type LayersModel = never;

/** There are none here. */
export type LayersOptions = { readonly model?: unknown };

/** There are none here. */
export type Topology = never;

/** Refuses. */
export function layers(_: LayersOptions): AnyNetwork {
  throw wrongType("build network 'layers'", "TensorFlow.js must be loaded with its layers", "not");
}
