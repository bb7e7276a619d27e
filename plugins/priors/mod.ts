/**
 * Priors p(z).
 *
 * @module
 */
export {
  conditionalNormal,
  type ConditionalNormalHeads,
  type ConditionalNormalOptions,
} from "./conditional_normal.ts";
export { diagonalNormal } from "./diagonal_normal.ts";
export { flow, type FlowOptions } from "./flow.ts";
export { laplace } from "./laplace.ts";
export { logisticNormal, type LogisticNormalOptions } from "./logistic_normal.ts";
export { mixtureOfNormals, type MixtureOfNormalsOptions } from "./mixture_of_normals.ts";
export { type Marginal, modelPrior, type ModelPriorOptions } from "./model_prior.ts";
export { standardNormal } from "./standard_normal.ts";
export { uniformCategorical, type UniformCategoricalOptions } from "./uniform_categorical.ts";
export { uniformSphere } from "./uniform_sphere.ts";
export { vampPrior, type VampPriorOptions } from "./vamp_prior.ts";
