/**
 * The one training loop.
 *
 * batch → encoder → q(z|x) → draw → decoder → p(x|z) → ledger → objective → gradients → optimizer
 *
 * @module
 */
import type { Callback, EpochReport, Run } from "./callback.ts";
import type { Dataset } from "./data/dataset.ts";
import { tf } from "./deps.ts";
import { outOfRange, requireNumber, requirePositiveInteger, wrongType } from "./errors.ts";
import { evaluate } from "./evaluate.ts";
import { requireMatch } from "./input.ts";
import type { Vae } from "./model.ts";
import { NonFiniteError, openMonitor } from "./monitor.ts";
import { adam, applyGradients, probesParameters } from "./operations/adam.ts";
import { type Seed, seed as toSeed } from "./random.ts";
import { takeSnapshot } from "./scope.ts";
import type { Accepted, Support } from "./support.ts";
import type { Batch, Optimizer, Tensor } from "./types.ts";

/** How a model is trained. */
export interface FitOptions<S extends Support = Support> {
  /**
   * How many times to go through the data: 10 unless `epochs` or `steps` is given. Data whose number
   * of rows is not known want `steps`.
   */
  readonly epochs?: number;
  /** How many batches to train on, instead of a number of epochs. */
  readonly steps?: number;
  /**
   * B, the rows of a batch; the last one of an epoch may have fewer.
   * @default 128, or all rows where there are fewer
   */
  readonly batchSize?: number;
  /**
   * Any optimizer of `tf.train`, which stays yours to dispose. Adam unless told.
   */
  readonly optimizer?: Optimizer;
  /**
   * The learning rate of Adam, where no optimizer is given.
   * @default 0.001
   */
  readonly learningRate?: number;
  /** Data whose true ELBO is computed after every epoch. */
  readonly validation?: Dataset<NoInfer<Accepted<S>>>;
  /** What watches the run. */
  readonly callbacks?: readonly Callback[];
  /** Ends the run when its step is over, without a report of the unfinished epoch. */
  readonly signal?: AbortSignal;
  /**
   * Where the order of the data and the latent noise come from.
   * @default 0
   */
  readonly seed?: number | Seed;
}

/** How a run went. */
export interface FitResult {
  /** What was reported after each epoch. */
  readonly history: readonly EpochReport[];
  /** The number of steps taken. */
  readonly steps: number;
  /** Why it stopped: `"epochs"`, `"steps"`, `"aborted"`, or what a callback gave as its reason. */
  readonly stopped: string;
}

/** Steps between two looks at the flags on the device. */
const STEPS_BETWEEN_CHECKS = 50;

/** Milliseconds after which timers, signals and the page get a turn. */
const TURN = 50;

function requireOptions(options: FitOptions): void {
  const { epochs, steps, batchSize, learningRate, optimizer, callbacks } = options;
  const counts = { epochs, steps, batchSize };
  for (const [name, value] of Object.entries(counts)) {
    if (value !== undefined) requirePositiveInteger("fit", name, value);
  }
  const unmade = callbacks?.findIndex((callback) => callback?.kind !== "callback") ?? -1;
  if (unmade >= 0) {
    const requirement = "every callback must be made, as in 'progressBar()'";
    throw wrongType("fit", requirement, callbacks![unmade]);
  }
  if (optimizer !== undefined && !(optimizer instanceof tf.Optimizer)) {
    throw wrongType("fit", "'optimizer' must be one of tf.train", optimizer);
  }
  if (epochs !== undefined && steps !== undefined) {
    throw outOfRange("fit", "'epochs' and 'steps' must not both be given", [epochs, steps]);
  }
  if (learningRate === undefined) return;
  requireNumber("fit", "learningRate", learningRate, { minimum: 0, open: true });
  if (optimizer !== undefined) {
    const requirement = "'learningRate' must not be given beside an 'optimizer'";
    throw outOfRange("fit", requirement, learningRate);
  }
}

/** Gives timers, signals and the page a turn. */
function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Trains a model in place.
 *
 * The same model, data, options and backend give the same numbers, as long as its networks draw no
 * noise of their own (a dropout layer of TensorFlow.js does). Where a value stops being finite the
 * run ends, at most 50 steps later, and the parameters are put back to what they were at the last
 * check; an optimizer that you gave keeps what it has seen, so take a new one.
 *
 * @param model The model.
 * @param data Data inside the support of its likelihood.
 * @param options How long, how fast, and who watches.
 * @returns The history, and why the run stopped.
 * @throws {RangeError} If an option is out of its range, a batch larger than the data, the model was
 * disposed, an epoch has no batches, or a code is of no class that the likelihood has.
 * @throws {TypeError} If the data do not fit the model, a callback or the optimizer is none, or a step
 * has other terms than the one before.
 * @throws {NonFiniteError} If a value stops being finite: it names the first bad step, the term,
 * and the first parameter or network output.
 *
 * @example
 * ```ts
 * import { dataset, divergences, fit, likelihoods, networks } from "@elbo/elbo";
 * import { posteriors, priors, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [2],
 *   latent: 1,
 *   encoder: networks.mlp({ hidden: [8] }),
 *   decoder: networks.mlp({ hidden: [8] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.standardNormal(),
 *   likelihood: likelihoods.bernoulli(),
 *   divergence: divergences.kl(),
 * });
 * const bits = dataset([[0, 0], [1, 1], [0, 0], [1, 1]], { support: "binary" });
 * const { history, stopped } = await fit(model, bits, { epochs: 3, batchSize: 2 });
 * assert.equal(stopped, "epochs");
 * assert.equal(history.length, 3);
 * model.dispose();
 * ```
 */
export async function fit<S extends Support>(
  model: Vae<S>,
  data: Dataset<NoInfer<Accepted<S>>>,
  options: FitOptions<S> = {},
): Promise<FitResult> {
  requireOptions(options);
  requireMatch("fit", model, data);
  if (options.validation !== undefined) {
    requireMatch("validate", model, options.validation);
  }
  const { size } = data;
  const { batchSize = Math.min(128, size ?? 128), callbacks = [], signal, validation } = options;
  if (size !== undefined && batchSize > size) {
    throw outOfRange("fit", `'batchSize' must not exceed the ${size} rows of the data`, batchSize);
  }
  if (size === undefined && options.steps === undefined) {
    const requirement = "'steps' must be given for data whose number of rows is not known";
    throw outOfRange("fit", requirement, options.steps);
  }
  const seed = toSeed(options.seed ?? 0);
  const stepsPerEpoch = size === undefined ? undefined : Math.ceil(size / batchSize);
  const epochs = options.steps === undefined ? options.epochs ?? 10 : Infinity;
  const steps = options.steps ?? epochs * stepsPerEpoch!;
  const optimizer = options.optimizer ?? adam({ learningRate: options.learningRate ?? 1e-3 });
  const trainable = [...model.parameters.values()].filter((variable) => variable.trainable);
  const monitor = openMonitor(model.parameters, { probed: probesParameters(optimizer) });
  const history: EpochReport[] = [];
  let step = 0;
  let stopped: string | undefined;
  let aborted = false;
  let lastFinite = takeSnapshot(model.parameters);
  let nextTurn = performance.now() + TURN;
  const run: Run = { model, steps, stepsPerEpoch, stop: (reason) => void (stopped ??= reason) };

  /** One step: the ledger, its gradients, and the change of the parameters. */
  function train(batch: Batch, epoch: number): void {
    tf.tidy(() => {
      const { grads } = tf.engine().gradients(
        () => {
          const outputs: (readonly [string, Tensor])[] = [];
          const ledger = model.ledger(batch, {
            seed: seed.split(`step ${step}`),
            training: true,
            progress: { step, steps, epoch, datasetSize: size },
            observe: (name, value) => outputs.push([name, value]),
          });
          monitor.measure(ledger, batch.x.shape[0]!, outputs);
          return ledger.surrogate ?? ledger.objective;
        },
        trainable,
        tf.scalar(-1), // Optimizers descend.
        true,
      );
      // Optimizers keep what they know of a variable by its place in this list.
      const all = trainable.map((variable, i) => ({
        name: variable.name,
        tensor: grads[i] ?? tf.zerosLike(variable),
      }));
      const probes = applyGradients(optimizer, all);
      monitor.record(++step, probes);
    });
  }

  /** Looks at the flags; where all is well, these parameters are the ones to go back to. */
  async function check(): Promise<void> {
    const error = await monitor.nonFinite();
    if (error !== undefined) throw error;
    lastFinite.dispose();
    lastFinite = takeSnapshot(model.parameters);
  }

  async function endEpoch(epoch: number): Promise<void> {
    await check();
    const report: EpochReport = {
      epoch: epoch + 1,
      step,
      training: await monitor.means(),
      ...(validation && {
        validation: await evaluate(model as Vae, validation as Dataset, {
          seed: seed.split("validation"),
          batchSize,
        }),
      }),
    };
    history.push(report);
    for (const callback of callbacks) await callback.epoch?.(report, run);
    monitor.reset();
  }

  /** Whether the signal says to end the run. */
  function heedSignal(): boolean {
    if (!signal?.aborted) return false;
    run.stop("aborted");
    return aborted = true;
  }

  async function trainEpoch(epoch: number): Promise<void> {
    const firstStep = step;
    for await (const batch of data.batches({ size: batchSize, seed: seed.split("order"), epoch })) {
      const rows = batch.x.shape[0]!;
      try {
        if (heedSignal() || stopped !== undefined) break;
        train(batch, epoch);
      } finally {
        tf.dispose(Object.values(batch));
      }
      if (step % STEPS_BETWEEN_CHECKS === 0) await check();
      const report = { step, epoch: epoch + 1, rows, means: monitor.means };
      for (const callback of callbacks) await callback.step?.(report, run);
      if (step === options.steps) run.stop("steps");
      if (heedSignal() || stopped !== undefined) break;
      if (performance.now() > nextTurn) {
        await yieldToEventLoop();
        nextTurn = performance.now() + TURN;
      }
    }
    if (aborted) return await check();
    if (step > firstStep) await endEpoch(epoch);
    else if (stopped === undefined) throw outOfRange("fit", "an epoch must have batches", 0);
    if (epoch + 1 === epochs) run.stop("epochs");
  }

  /** Tells one callback after the other that the run is over, even where one of them throws. */
  async function endCallbacks(): Promise<void> {
    const errors: unknown[] = [];
    for (const callback of callbacks) {
      try {
        await callback.end?.(run);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  try {
    for (const callback of callbacks) await callback.begin?.(run);
    for (let epoch = 0; stopped === undefined; epoch++) await trainEpoch(epoch);
  } catch (error) {
    if (error instanceof NonFiniteError) lastFinite.restore();
    await endCallbacks().catch(() => {}); // The first error is the one to tell.
    throw error;
  } finally {
    lastFinite.dispose();
    monitor.dispose();
    if (options.optimizer === undefined) optimizer.dispose();
  }
  await endCallbacks();
  return { history, steps: step, stopped: stopped! };
}
