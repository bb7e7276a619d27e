/**
 * Distributions: the vocabulary of priors, posteriors and likelihoods.
 *
 * @module
 */
export { type Bernoulli, bernoulli } from "./bernoulli.ts";
export { isNormal, type Normal, normal, type NormalParameters, positiveScale } from "./normal.ts";
export { isStandardNormal, type StandardNormal, standardNormal } from "./standard_normal.ts";
