/**
 * Elbo: variational autoencoders out of plugins, on TensorFlow.js.
 *
 * A model is composed of an encoder, a posterior q(z|x), a prior p(z), a decoder, a likelihood
 * p(x|z) and a divergence; it is trained on the ELBO = E_q[log p(x|z)] − D(q(z|x) ‖ p(z)).
 *
 * @example
 * ```ts
 * import { dataset, divergences, fit, likelihoods, networks } from "@elbo/elbo";
 * import { posteriors, priors, useBackend, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * await useBackend({ backend: "cpu" });
 * const model = vae({
 *   data: [4],
 *   latent: 2,
 *   encoder: networks.mlp({ hidden: [16] }),
 *   decoder: networks.mlp({ hidden: [16] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.standardNormal(),
 *   likelihood: likelihoods.bernoulli(),
 *   divergence: divergences.kl(),
 * });
 * const bits = dataset([[0, 0, 1, 1], [1, 1, 0, 0]], { support: "binary" });
 * const { history } = await fit(model, bits, { epochs: 20, batchSize: 2, learningRate: 0.01 });
 * assert(history.at(-1)!.training.objective > history[0]!.training.objective);
 * model.dispose();
 * ```
 *
 * @module
 */
import { type LoadOptions, loadWith } from "./core/checkpoint.ts";
import type { Vae } from "./core/model.ts";
import * as divergences from "./plugins/divergences/mod.ts";
import * as flows from "./plugins/flows/mod.ts";
import * as likelihoods from "./plugins/likelihoods/mod.ts";
import * as networks from "./plugins/networks/mod.ts";
import * as objectives from "./plugins/objectives/mod.ts";
import * as posteriors from "./plugins/posteriors/mod.ts";
import * as priors from "./plugins/priors/mod.ts";
import * as schedules from "./plugins/schedules/mod.ts";

export * as callbacks from "./plugins/callbacks/mod.ts";
export * as distributions from "./plugins/distributions/mod.ts";
export * as presets from "./plugins/presets/mod.ts";
export { divergences, flows, likelihoods, networks, objectives, posteriors, priors, schedules };

export type { MissingOperations } from "./core/backend/lacking.ts";
export {
  type BackendName,
  type BackendReport,
  useBackend,
  type UseBackendOptions,
} from "./core/backend/use_backend.ts";
export type { WasmReport } from "./core/backend/wasm/start.ts";
export type { Callback, EpochReport, Resumed, Rollback, Run, StepReport } from "./core/callback.ts";
export { type Factories, type Factory, type LoadOptions, narrow, save } from "./core/checkpoint.ts";
export type { Context, Progress } from "./core/context.ts";
export { type Binarization, binarize } from "./core/data/binarize.ts";
export {
  type ArrayDataset,
  type BatchOptions,
  type Dataset,
  dataset,
  type DatasetOptions,
  type RowMap,
} from "./core/data/dataset.ts";
export { split } from "./core/data/split.ts";
export type { NestedNumbers, TypedArray, Values } from "./core/data/values.ts";
export {
  type Distribution,
  type Domain,
  type Draw,
  type Factorized,
  hasMean,
  hasVariance,
  isFactorized,
  type Reparameterized,
  type SameDomain,
  sumOverEvent,
  type WithMean,
  type WithVariance,
} from "./core/distribution.ts";
export {
  type ClosedForm,
  closedForm,
  type ClosedFormParts,
  closedFormTerm,
  type ClosedFormValue,
  type Divergence,
  type Estimate,
  monteCarloKl,
} from "./core/divergence.ts";
export { evaluate, type EvaluateOptions, type Evaluation } from "./core/evaluate.ts";
export type { EventSupport, Family, Parameter, ParameterDomain } from "./core/family.ts";
export { fit, type FitOptions, type FitResult } from "./core/fit.ts";
export type { Flow, FlowShapes, InvertibleMap, Mapped } from "./core/flow.ts";
export * as initializers from "./core/initializers.ts";
export type { Initializer } from "./core/initializers.ts";
export { outOfRange, requireNumber, requirePositiveInteger, wrongType } from "./core/errors.ts";
export { lazily } from "./core/tidy.ts";
export {
  divergenceTerm,
  type Estimator,
  type Ledger,
  ledgerOf,
  type LedgerSummary,
  type Term,
  type TermSummary,
  weighted,
} from "./core/ledger.ts";
export type { Likelihood } from "./core/likelihood.ts";
export type { ImportanceEstimate } from "./core/log_likelihood.ts";
export type { Aim, Input, LedgerOptions, Parts, Spec, Vae } from "./core/model.ts";
export { NonFiniteError } from "./core/monitor.ts";
export type { AnyNetwork, Network, NetworkShapes } from "./core/network.ts";
export type { Objective, Pass } from "./core/objective.ts";
export type { Activation } from "./core/operations/activation.ts";
export { adam, type AdamOptions } from "./core/operations/adam.ts";
export { addBias, type AddBiasParameters } from "./core/operations/add_bias.ts";
export { dense, type DenseParameters } from "./core/operations/dense.ts";
export { digamma, logGamma } from "./core/operations/log_gamma.ts";
export { stopGradient } from "./core/operations/stop_gradient.ts";
export type { Observer } from "./core/pass.ts";
export type { Kind, Option, Plugin } from "./core/plugin.ts";
export type { Posterior } from "./core/posterior.ts";
export type { Prior, PriorScope } from "./core/prior.ts";
export { normalNoise, type Seed, seed, uniformNoise } from "./core/random.ts";
export { type Schedule, valueAt } from "./core/schedule.ts";
export {
  type ModelShapes,
  type Scope,
  type ScopeBuffer,
  type Snapshot,
  takeSnapshot,
} from "./core/scope.ts";
export type { Accepted, AcceptedLeaf, Categories, Leaf, Support } from "./core/support.ts";
export {
  type Batch,
  type Heads,
  type Json,
  type Optimizer,
  type Outputs,
  type Shape,
  sizeOf,
  type Tensor,
  type Variable,
} from "./core/types.ts";
export { vae } from "./core/vae.ts";

/**
 * Loads a model that `save` wrote. In Deno this needs `--allow-read` of the folder.
 *
 * @param folder The path of the folder.
 * @param options The factories of plugins that Elbo does not have, by kind and name.
 * @returns The model; `narrow` says what data it is for.
 * @throws {RangeError} If a file is missing or damaged, or a plugin is unknown; the message says
 * which.
 * @throws {TypeError} If what the files describe is no model.
 *
 * @example
 * ```ts
 * import { load } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * await assert.rejects(load("no such folder"), /no such folder/);
 * ```
 */
export const load: (folder: string, options?: LoadOptions) => Promise<Vae> = loadWith({
  network: {
    conv: networks.conv,
    deconv: networks.deconv,
    gatedMlp: networks.gatedMlp,
    layers: networks.layers,
    mlp: networks.mlp,
    residualConv: networks.residualConv,
    residualDeconv: networks.residualDeconv,
    symlog: networks.symlog,
  },
  posterior: {
    diagonalNormal: posteriors.diagonalNormal,
    fullCovarianceNormal: posteriors.fullCovarianceNormal,
    inverseAutoregressiveFlow: posteriors.inverseAutoregressiveFlow,
    laplace: posteriors.laplace,
    logisticNormal: posteriors.logisticNormal,
    lowRankNormal: posteriors.lowRankNormal,
    powerSpherical: posteriors.powerSpherical,
    relaxedCategorical: posteriors.relaxedCategorical,
  },
  prior: {
    conditionalNormal: priors.conditionalNormal,
    diagonalNormal: priors.diagonalNormal,
    flow: priors.flow,
    laplace: priors.laplace,
    logisticNormal: priors.logisticNormal,
    mixtureOfNormals: priors.mixtureOfNormals,
    modelPrior: priors.modelPrior,
    standardNormal: priors.standardNormal,
    uniformCategorical: priors.uniformCategorical,
    uniformSphere: priors.uniformSphere,
    vampPrior: priors.vampPrior,
  },
  flow: {
    affineCoupling: flows.affineCoupling,
    chain: flows.chain,
    inverseAutoregressive: flows.inverseAutoregressive,
    maskedAutoregressive: flows.maskedAutoregressive,
    realNvp: flows.realNvp,
  },
  likelihood: {
    bernoulli: likelihoods.bernoulli,
    beta: likelihoods.beta,
    categorical: likelihoods.categorical,
    columns: likelihoods.columns,
    continuousBernoulli: likelihoods.continuousBernoulli,
    discretizedLogisticMixture: likelihoods.discretizedLogisticMixture,
    laplace: likelihoods.laplace,
    negativeBinomial: likelihoods.negativeBinomial,
    normal: likelihoods.normal,
    poisson: likelihoods.poisson,
    studentT: likelihoods.studentT,
    zeroInflatedNegativeBinomial: likelihoods.zeroInflatedNegativeBinomial,
  },
  divergence: {
    betaKl: divergences.betaKl,
    capacity: divergences.capacity,
    categoricalKl: divergences.categoricalKl,
    closedFormKl: divergences.closedFormKl,
    freeBits: divergences.freeBits,
    kl: divergences.kl,
    mmd: divergences.mmd,
    totalCorrelation: divergences.totalCorrelation,
  },
  objective: { elbo: objectives.elbo, iwae: objectives.iwae, renyi: objectives.renyi },
  schedule: {
    constant: schedules.constant,
    cosine: schedules.cosine,
    cyclical: schedules.cyclical,
    linear: schedules.linear,
    sigmoid: schedules.sigmoid,
  },
  "closed form": {
    categoricalCategorical: () => divergences.categoricalCategorical,
    laplaceLaplace: () => divergences.laplaceLaplace,
    logisticNormalLogisticNormal: () => divergences.logisticNormalLogisticNormal,
    lowRankNormalStandardNormal: () => divergences.lowRankNormalStandardNormal,
    multivariateNormalStandardNormal: () => divergences.multivariateNormalStandardNormal,
    normalNormal: () => divergences.normalNormal,
    normalStandardNormal: () => divergences.normalStandardNormal,
    powerSphericalUniformSphere: () => divergences.powerSphericalUniformSphere,
  },
});
