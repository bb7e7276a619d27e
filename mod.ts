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
import { type LoadOptions, loadWith } from "./core/checkpoint/load.ts";
import type { Dataset } from "./core/data/dataset.ts";
import type { FileSource } from "./core/files/sources.ts";
import type { Vae } from "./core/model.ts";
import { type ResumeOptions, type ResumeResult, resumeWith } from "./core/resume.ts";
import type { Support } from "./core/support.ts";
import { BUILT_IN } from "./plugins/built_in.ts";
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
export * as sources from "./plugins/sources/mod.ts";
export { divergences, flows, likelihoods, networks, objectives, posteriors, priors, schedules };

export { DeviceLostError, type LostDevice } from "./core/backend/device_lost_error.ts";
export type { MissingOperations } from "./core/backend/lacking.ts";
export {
  type BackendName,
  type BackendReport,
  useBackend,
  type UseBackendOptions,
} from "./core/backend/use_backend.ts";
export type { WasmReport } from "./core/backend/wasm/start.ts";
export type { Callback, EpochReport, Resumed, Rollback, Run, StepReport } from "./core/callback.ts";
export type { Factory } from "./core/checkpoint/factories.ts";
export { type IndexedDb, indexedDb } from "./core/files/indexed_db.ts";
export type { LoadOptions } from "./core/checkpoint/load.ts";
export type { LayerInFile, ParameterLayout } from "./core/checkpoint/layout.ts";
export { narrow } from "./core/checkpoint/narrow.ts";
export {
  loadParameters,
  type LoadParametersOptions,
  saveParameters,
} from "./core/checkpoint/parameters.ts";
export { save, toBlob } from "./core/checkpoint/save.ts";
export { readSafetensors, writeSafetensors } from "./core/checkpoint/tensors.ts";
export type { FilePlace, FileSource, ReadOptions } from "./core/files/sources.ts";
export type { Context, Progress } from "./core/context.ts";
export { type ArrayDataset, dataset, type DatasetOptions } from "./core/data/array_dataset.ts";
export { type Binarization, binarize } from "./core/data/binarize.ts";
export { collect } from "./core/data/collect.ts";
export type {
  BatchOptions,
  Dataset,
  MapOptions,
  RowMap,
  Standardization,
} from "./core/data/dataset.ts";
export type { SourceOptions } from "./core/data/open_data.ts";
export type { Place } from "./core/data/place.ts";
export { allRows, type Rows, type RowStream } from "./core/data/rows.ts";
export type { Source, SourceContents, SourceRows } from "./core/data/source.ts";
export { split, type SplitOptions } from "./core/data/split.ts";
export { fitStandardization, standardize, unstandardize } from "./core/data/standardization.ts";
export { stream, type StreamDataset, type StreamOptions } from "./core/data/stream.ts";
export type { NestedNumbers, TypedArray, Values } from "./core/data/values.ts";
export { writeCsv, type WriteCsvOptions } from "./core/data/write_csv.ts";
export { writeNpy } from "./core/data/write_npy.ts";
export {
  type Distribution,
  type Domain,
  type Draw,
  type Factorized,
  hasMean,
  hasVariance,
  isFactorized,
  predictionOf,
  type Reparameterized,
  type SameDomain,
  sumOverEvent,
  type WithMean,
  type WithPrediction,
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
export { fit } from "./core/fit.ts";
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
export {
  convolution,
  type ConvolutionParameters,
  type Padding,
} from "./core/operations/convolution.ts";
export { dense, type DenseParameters } from "./core/operations/dense.ts";
export { digamma, logGamma } from "./core/operations/log_gamma.ts";
export { stopGradient } from "./core/operations/stop_gradient.ts";
export {
  transposedConvolution,
  type TransposedConvolutionParameters,
} from "./core/operations/transposed_convolution.ts";
export type { Observer } from "./core/pass.ts";
export type { Kind, Option, Plugin } from "./core/plugin.ts";
export type { Posterior } from "./core/posterior.ts";
export type { Prior, PriorScope } from "./core/prior.ts";
export { normalNoise, type Seed, seed, uniformNoise } from "./core/random.ts";
export { type Schedule, valueAt } from "./core/schedule.ts";
export type { Safetensors, StoredTensor } from "./core/safetensors.ts";
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
export type { ResumeOptions, ResumeResult } from "./core/resume.ts";
export type { Averaging } from "./core/training/average.ts";
export { CheckpointError } from "./core/training/checkpoint_error.ts";
export { newestCheckpoint } from "./core/training/checkpoints.ts";
export type { CheckpointPaths } from "./core/training/saved.ts";
export type { Clipping } from "./core/training/gradients.ts";
export type {
  CheckpointOptions,
  FitOptions,
  RollbackOptions,
  Watchers,
} from "./core/training/options.ts";
export type { FitResult } from "./core/training/train.ts";
export {
  type AnomalyScore,
  anomalyScores,
  type AnomalyScoresOptions,
} from "./core/use/anomaly_scores.ts";
export type { BatchSize } from "./core/use/batches.ts";
export { embeddings, type EmbeddingsOptions } from "./core/use/embeddings.ts";
export { imputations, type ImputationsOptions } from "./core/use/imputations.ts";
export { interpolate, type InterpolateOptions } from "./core/use/interpolate.ts";
export {
  type LogLikelihoods,
  logLikelihoods,
  type LogLikelihoodsOptions,
} from "./core/use/log_likelihoods.ts";
export { reconstructions, type ReconstructionsOptions } from "./core/use/reconstructions.ts";
export { traverse, type TraverseOptions } from "./core/use/traverse.ts";
export { vae } from "./core/vae.ts";

/**
 * Loads a model that `save` or `toBlob` wrote. Nothing in a file is run as code, no part of the
 * model is run, and no more is allocated than the file holds; still, look at `spec` before you use a
 * model of somebody whom you do not trust, for its options say how much work it makes of a batch.
 *
 * Reading a path needs `--allow-read` in Deno, and reading from the web `--allow-net`.
 *
 * @param source The path of a folder; the path or the URL of a single file, or the file itself as a
 * `Blob` or bytes; or `indexedDb(name)`. A string that begins with `http:` or `https:` is a URL, and in
 * a browser every string is.
 * @param options The factories of plugins that Elbo does not have, and how a file is to be read.
 * @returns The model; `narrow` says what data it is for.
 * @throws {RangeError} If a file is missing, damaged, too large or another one than it should be, or
 * a plugin is unknown; the message says which.
 * @throws {TypeError} If what the files describe is no model, or an option is unknown.
 *
 * @example
 * ```ts
 * import { load } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * await assert.rejects(load("no such folder"), /no such folder/);
 * ```
 */
export const load: (source: FileSource, options?: LoadOptions) => Promise<Vae> = loadWith(BUILT_IN);

/**
 * Goes on with a run that `fit` kept in a folder, from its newest checkpoint that is whole, as if it
 * had never been interrupted: bit for bit, on the same backend. A checkpoint that is damaged is passed
 * over, and named in the result. A run that was over comes back as it ended.
 *
 * Options, seed, and how far the data were read are in the checkpoint. Data, validation data,
 * callbacks and an optimizer other than the run's own are passed again as they were; those that
 * remember something go on from what they remembered. In Deno this needs `--allow-read` and
 * `--allow-write` of the folder.
 *
 * @param folder The folder of the run.
 * @param data The data that the run was begun with.
 * @param options What no file can hold.
 * @returns The model, and how the whole run went.
 * @throws {RangeError} If there is no checkpoint, a plugin is unknown, the run is given other data or
 * watchers than it had, or (in Deno) goes on elsewhere at the same time.
 * @throws {TypeError} If the data do not fit the model, or an option is unknown.
 * @throws {CheckpointError} If a new checkpoint cannot be written.
 * @throws {DeviceLostError} If the GPU that it runs on is lost.
 * @throws {NonFiniteError} If a value stops being finite.
 *
 * @example
 * ```ts
 * import { dataset, fit, presets, resume } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir();
 * const bits = dataset([[0, 0], [1, 1], [0, 0], [1, 1]], { support: "binary" });
 * const model = presets.vae({ data: [2], latent: 1 });
 * const checkpoints = { folder, everySteps: 2 };
 * const signal = AbortSignal.abort(); // As Ctrl-C would.
 * const { stopped } = await fit(model, bits, { epochs: 3, batchSize: 2, checkpoints, signal });
 * assert.equal(stopped, "aborted");
 *
 * const { model: trained, steps } = await resume(folder, bits);
 * assert.equal(steps, 6);
 * trained.dispose();
 * model.dispose();
 * ```
 */
export const resume: <S extends Support>(
  folder: string,
  data: Dataset<S>,
  options?: ResumeOptions<S>,
) => Promise<ResumeResult> = resumeWith(BUILT_IN);
