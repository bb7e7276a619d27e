/**
 * Approximate posteriors q(z|x).
 *
 * @module
 */
export { diagonalNormal, type DiagonalNormalHeads } from "./diagonal_normal.ts";
export { fullCovarianceNormal, type FullCovarianceNormalHeads } from "./full_covariance_normal.ts";
export {
  inverseAutoregressiveFlow,
  type InverseAutoregressiveFlowHeads,
  type InverseAutoregressiveFlowOptions,
} from "./inverse_autoregressive_flow.ts";
export { laplace, type LaplaceHeads } from "./laplace.ts";
export { logisticNormal, type LogisticNormalHeads } from "./logistic_normal.ts";
export {
  lowRankNormal,
  type LowRankNormalHeads,
  type LowRankNormalOptions,
} from "./low_rank_normal.ts";
export { powerSpherical, type PowerSphericalHeads } from "./power_spherical.ts";
export {
  relaxedCategorical,
  type RelaxedCategoricalHeads,
  type RelaxedCategoricalOptions,
  type StraightThroughOptions,
} from "./relaxed_categorical.ts";
