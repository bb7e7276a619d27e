/**
 * Presets: well-known models, composed of the plugins of the other axes in a few lines each. Where a
 * preset almost fits, copy these lines and change a word.
 *
 * @module
 */
export type { PresetOptions } from "./_common.ts";
export { betaTcVae, type BetaTcVaeOptions } from "./beta_tc_vae.ts";
export { betaVae, type BetaVaeOptions } from "./beta_vae.ts";
export { countVae } from "./count_vae.ts";
export { gumbelVae, type GumbelVaeOptions } from "./gumbel_vae.ts";
export { infoVae, type InfoVaeOptions } from "./info_vae.ts";
export { iwae, type IwaePresetOptions } from "./iwae.ts";
export { sigmaVae, type SigmaVaeOptions } from "./sigma_vae.ts";
export { sphericalVae } from "./spherical_vae.ts";
export { tabularVae, type TabularVaeOptions } from "./tabular_vae.ts";
export { vae } from "./vae.ts";
export { vampVae, type VampVaeOptions } from "./vamp_vae.ts";
