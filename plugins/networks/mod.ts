/**
 * Networks for encoder and decoder.
 *
 * @module
 */
export { conv, type ConvOptions } from "./conv.ts";
export { deconv, type DeconvOptions } from "./deconv.ts";
export { layers, type LayersModel, type LayersOptions, type Topology } from "./layers.ts";
export { mlp, type MlpOptions } from "./mlp.ts";
