/**
 * Flows: invertible maps with weights, for priors and posteriors.
 *
 * @module
 */
export { affineCoupling, type AffineCouplingOptions } from "./affine_coupling.ts";
export { chain, type ChainOptions } from "./chain.ts";
export {
  inverseAutoregressive,
  type InverseAutoregressiveOptions,
} from "./inverse_autoregressive.ts";
export { maskedAutoregressive, type MaskedAutoregressiveOptions } from "./masked_autoregressive.ts";
export { realNvp, type RealNvpOptions } from "./real_nvp.ts";
