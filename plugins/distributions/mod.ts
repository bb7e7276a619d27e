/**
 * Distributions: the vocabulary of priors, posteriors and likelihoods.
 *
 * @module
 */
export { type Bernoulli, bernoulli, bernoulliFamily } from "./bernoulli.ts";
export { type Beta, beta, betaFamily, type BetaParameters } from "./beta.ts";
export {
  type Blocks,
  type Blockwise,
  blockwise,
  type BlockwiseDistribution,
  blockwiseFamily,
} from "./blockwise.ts";
export { type Categorical, categorical, categoricalFamily, isCategorical } from "./categorical.ts";
export {
  type ContinuousBernoulli,
  continuousBernoulli,
  continuousBernoulliFamily,
} from "./continuous_bernoulli.ts";
export {
  type DiscretizedLogistic,
  discretizedLogistic,
  discretizedLogisticFamily,
  type DiscretizedLogisticParameters,
} from "./discretized_logistic.ts";
export {
  type FactorizedMixture,
  factorizedMixture,
  factorizedMixtureFamily,
  type FactorizedMixtureParameters,
} from "./factorized_mixture.ts";
export { type Gamma, gamma, gammaFamily, type GammaParameters } from "./gamma.ts";
export {
  isLaplace,
  type Laplace,
  laplace,
  laplaceFamily,
  type LaplaceParameters,
} from "./laplace.ts";
export {
  type LogNormal,
  logNormal,
  logNormalFamily,
  type LogNormalParameters,
} from "./log_normal.ts";
export { type Logistic, logistic, logisticFamily, type LogisticParameters } from "./logistic.ts";
export {
  isLogisticNormal,
  type LogisticNormal,
  logisticNormal,
  logisticNormalFamily,
  type LogisticNormalParameters,
} from "./logistic_normal.ts";
export {
  isLowRankNormal,
  type LowRankNormal,
  lowRankNormal,
  lowRankNormalFamily,
  type LowRankNormalParameters,
} from "./low_rank_normal.ts";
export { type Masked, masked, maskedFamily } from "./masked.ts";
export { type Mixture, mixture, mixtureFamily, type MixtureParameters } from "./mixture.ts";
export {
  isMultivariateNormal,
  type MultivariateNormal,
  multivariateNormal,
  multivariateNormalFamily,
  type MultivariateNormalParameters,
} from "./multivariate_normal.ts";
export {
  type NegativeBinomial,
  negativeBinomial,
  negativeBinomialFamily,
  type NegativeBinomialParameters,
} from "./negative_binomial.ts";
export {
  isNormal,
  type Normal,
  normal,
  normalFamily,
  type NormalParameters,
  positiveScale,
} from "./normal.ts";
export {
  isOneHotCategorical,
  type OneHotCategorical,
  oneHotCategorical,
  oneHotCategoricalFamily,
  type StraightThroughCategorical,
} from "./one_hot_categorical.ts";
export { type Poisson, poisson, poissonFamily } from "./poisson.ts";
export {
  isPowerSpherical,
  type PowerSpherical,
  powerSpherical,
  powerSphericalFamily,
  type PowerSphericalParameters,
} from "./power_spherical.ts";
export {
  isRelaxedOneHotCategorical,
  type RelaxedOneHotCategorical,
  relaxedOneHotCategorical,
  relaxedOneHotCategoricalFamily,
  type RelaxedOneHotCategoricalParameters,
} from "./relaxed_one_hot_categorical.ts";
export {
  isStandardNormal,
  type StandardNormal,
  standardNormal,
  standardNormalFamily,
} from "./standard_normal.ts";
export { type StudentT, studentT, studentTFamily, type StudentTParameters } from "./student_t.ts";
export {
  type Transformed,
  transformed,
  transformedFamily,
  type TransformedParameters,
} from "./transformed.ts";
export {
  isUniformSphere,
  type UniformSphere,
  uniformSphere,
  uniformSphereFamily,
} from "./uniform_sphere.ts";
export {
  type ZeroInflatedNegativeBinomial,
  zeroInflatedNegativeBinomial,
  zeroInflatedNegativeBinomialFamily,
  type ZeroInflatedNegativeBinomialParameters,
} from "./zero_inflated_negative_binomial.ts";
