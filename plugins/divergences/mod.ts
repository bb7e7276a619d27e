/**
 * Divergences D(q(z|x) ‖ p(z)), and closed forms of the KL.
 *
 * @module
 */
export { betaKl, type BetaKlOptions } from "./beta_kl.ts";
export { capacity, type CapacityOptions } from "./capacity.ts";
export { categoricalKl } from "./categorical_kl.ts";
export { closedFormKl, type ClosedFormKlOptions } from "./closed_form_kl.ts";
export {
  categoricalCategorical,
  laplaceLaplace,
  logisticNormalLogisticNormal,
  lowRankNormalStandardNormal,
  multivariateNormalStandardNormal,
  normalNormal,
  normalStandardNormal,
} from "./closed_forms.ts";
export { freeBits, type FreeBitsOptions, type FreeBitsPerDatumOptions } from "./free_bits.ts";
export { kl, type KlOptions } from "./kl.ts";
export { mmd, type MmdOptions } from "./mmd.ts";
export { powerSphericalUniformSphere } from "./power_spherical_uniform_sphere.ts";
export { totalCorrelation, type TotalCorrelationOptions } from "./total_correlation.ts";
