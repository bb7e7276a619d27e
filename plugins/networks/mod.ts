/**
 * Networks for encoder and decoder.
 *
 * @module
 */
export { conv, type ConvOptions } from "./conv.ts";
export { deconv, type DeconvOptions } from "./deconv.ts";
export { gatedMlp, type GatedMlpOptions } from "./gated_mlp.ts";
export { layers, type LayersModel, type LayersOptions, type Topology } from "./layers.ts";
export { mlp, type MlpOptions } from "./mlp.ts";
export { residualConv, type ResidualConvOptions } from "./residual_conv.ts";
export { residualDeconv, type ResidualDeconvOptions } from "./residual_deconv.ts";
export { symlog, type SymlogOptions } from "./symlog.ts";
