/**
 * Likelihoods p(x|z): which one to take depends on the data.
 *
 * @module
 */
export { bernoulli, type BernoulliHeads } from "./bernoulli.ts";
export { categorical, type CategoricalHeads, type CategoricalOptions } from "./categorical.ts";
export {
  laplace,
  type LaplaceHeads,
  type LaplaceOptions,
  type LaplacePerOutputHeads,
  type LaplacePerOutputOptions,
} from "./laplace.ts";
export {
  normal,
  type NormalHeads,
  type NormalOptions,
  type NormalPerOutputHeads,
  type NormalPerOutputOptions,
} from "./normal.ts";
export { continuousBernoulli, type ContinuousBernoulliHeads } from "./continuous_bernoulli.ts";
