/**
 * Distributions: the vocabulary of priors, posteriors and likelihoods.
 *
 * @module
 */
export { type Bernoulli, bernoulli, bernoulliFamily } from "./bernoulli.ts";
export { type Categorical, categorical, categoricalFamily, isCategorical } from "./categorical.ts";
export {
  isNormal,
  type Normal,
  normal,
  normalFamily,
  type NormalParameters,
  positiveScale,
} from "./normal.ts";
export {
  isStandardNormal,
  type StandardNormal,
  standardNormal,
  standardNormalFamily,
} from "./standard_normal.ts";
