/**
 * Likelihoods p(x|z): which one to take depends on the data.
 *
 * @module
 */
export { bernoulli, type BernoulliHeads } from "./bernoulli.ts";
export {
  beta,
  type BetaHeads,
  type BetaOptions,
  type BetaPerOutputHeads,
  type BetaPerOutputOptions,
} from "./beta.ts";
export { categorical, type CategoricalHeads, type CategoricalOptions } from "./categorical.ts";
export {
  type ColumnLikelihood,
  type Columns,
  columns,
  type ColumnsDistribution,
  type ColumnsSupport,
} from "./columns.ts";
export { continuousBernoulli, type ContinuousBernoulliHeads } from "./continuous_bernoulli.ts";
export {
  discretizedLogisticMixture,
  type DiscretizedLogisticMixtureHeads,
  type DiscretizedLogisticMixtureOptions,
} from "./discretized_logistic_mixture.ts";
export {
  laplace,
  type LaplaceHeads,
  type LaplaceOptions,
  type LaplacePerOutputHeads,
  type LaplacePerOutputOptions,
} from "./laplace.ts";
export {
  negativeBinomial,
  type NegativeBinomialHeads,
  type NegativeBinomialOptions,
  type NegativeBinomialPerOutputHeads,
  type NegativeBinomialPerOutputOptions,
} from "./negative_binomial.ts";
export {
  normal,
  type NormalHeads,
  type NormalOptions,
  type NormalPerOutputHeads,
  type NormalPerOutputOptions,
} from "./normal.ts";
export { poisson, type PoissonHeads } from "./poisson.ts";
export {
  studentT,
  type StudentTHeads,
  type StudentTOptions,
  type StudentTPerOutputHeads,
  type StudentTPerOutputOptions,
} from "./student_t.ts";
export {
  zeroInflatedNegativeBinomial,
  type ZeroInflatedNegativeBinomialHeads,
  type ZeroInflatedNegativeBinomialPerOutputHeads,
} from "./zero_inflated_negative_binomial.ts";
