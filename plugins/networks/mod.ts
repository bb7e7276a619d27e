/**
 * Networks for encoder and decoder.
 *
 * @module
 */
export { layers, type LayersModel, type LayersOptions, type Topology } from "./layers.ts";
export { mlp, type MlpOptions } from "./mlp.ts";
