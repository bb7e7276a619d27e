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
import { outOfRange, requireNumber, requirePositiveInteger } from "./errors.ts";
import { evaluate } from "./evaluate.ts";
import { requireMatch } from "./match.ts";
import type { Vae } from "./model.ts";
import { type Measurement, NonFiniteError, openMonitor } from "./monitor.ts";
import { type Seed, seed as toSeed } from "./random.ts";
import { takeSnapshot } from "./scope.ts";
import type { Accepted, Support } from "./support.ts";
import type { Batch, Optimizer, Tensor } from "./types.ts";

/** How a model is trained. */
export interface FitOptions<S extends Support = Support> {
  /** How many times to go through the data: 10 unless `epochs` or `steps` is given. */
  readonly epochs?: number;
  /** How many batches to train on, instead of a number of epochs. */
  readonly steps?: number;
  /**
   * B, the rows of a batch; the last one of an epoch may have fewer.
   * @default 128
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
  /** Ends the run before its next step. */
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

function requireOptions({ epochs, steps, batchSize, learningRate, optimizer }: FitOptions): void {
  const counts = { epochs, steps, batchSize };
  for (const [name, value] of Object.entries(counts)) {
    if (value !== undefined) requirePositiveInteger("fit", name, value);
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
function takeTurns(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Trains a model in place.
 *
 * The same model, data, options and backend give the same numbers. Where a value stops being
 * finite the run ends, at most 50 steps later, and the parameters are put back to what they were
 * at the last check.
 *
 * @param model The model.
 * @param data Data inside the support of its likelihood.
 * @param options How long, how fast, and who watches.
 * @returns The history, and why the run stopped.
 * @throws {RangeError} If an option is out of its range, or a batch larger than the data.
 * @throws {TypeError} If the data do not fit the model.
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
  const { batchSize = 128, callbacks = [], signal, validation } = options;
  if (batchSize > data.size) {
    const requirement = `'batchSize' must not exceed the ${data.size} rows of the data`;
    throw outOfRange("fit", requirement, batchSize);
  }
  const seed = toSeed(options.seed ?? 0);
  const stepsPerEpoch = Math.ceil(data.size / batchSize);
  const steps = options.steps ?? (options.epochs ?? 10) * stepsPerEpoch;
  const optimizer = options.optimizer ?? tf.train.adam(options.learningRate ?? 1e-3);
  const trainable = [...model.parameters.values()].filter((variable) => variable.trainable);
  const monitor = openMonitor(model.parameters);
  const history: EpochReport[] = [];
  let step = 0,
    stopped: string | undefined;
  let good = takeSnapshot(model.parameters),
    nextTurn = performance.now() + TURN;
  const run: Run = { model, steps, stepsPerEpoch, stop: (reason) => void (stopped ??= reason) };

  /** One step: the ledger, its gradients, and the change of the parameters. */
  function train(batch: Batch, epoch: number): void {
    tf.tidy(() => {
      let measurement: Measurement | undefined;
      const { grads } = tf.variableGrads(() => {
        const outputs = new Map<string, Tensor>();
        const ledger = model.ledger(batch, {
          seed: seed.split(`step ${step}`),
          training: true,
          progress: { step, steps, epoch, datasetSize: data.size },
          observe: (name, value) => outputs.set(name, value),
        });
        measurement = monitor.measure(ledger, batch.x.shape[0]!, outputs);
        return tf.neg(ledger.surrogate ?? ledger.objective) as tf.Scalar;
      }, trainable);
      monitor.record(step + 1, measurement!);
      optimizer.applyGradients(grads);
    });
    step++;
  }

  /** Looks at the flags; where all is well, these parameters are the ones to go back to. */
  async function check(): Promise<void> {
    const error = await monitor.nonFinite(step);
    if (error !== undefined) throw error;
    good.dispose();
    good = takeSnapshot(model.parameters);
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

  try {
    for (const callback of callbacks) await callback.begin?.(run);
    const order = seed.split("order");
    for (let epoch = 0; stopped === undefined; epoch++) {
      const firstStep = step;
      for await (const batch of data.batches({ size: batchSize, seed: order, epoch })) {
        const rows = batch.x.shape[0]!;
        try {
          if (signal?.aborted) stopped ??= "aborted";
          if (stopped !== undefined) break;
          train(batch, epoch);
        } finally {
          tf.dispose(Object.values(batch));
        }
        if (step % STEPS_BETWEEN_CHECKS === 0) await check();
        const report = { step, epoch: epoch + 1, rows, means: monitor.means };
        for (const callback of callbacks) await callback.step?.(report, run);
        if (step === steps) {
          stopped ??= options.steps === undefined ? "epochs" : "steps";
        }
        if (stopped !== undefined) break;
        if (performance.now() > nextTurn) {
          await takeTurns();
          nextTurn = performance.now() + TURN;
        }
      }
      if (step > firstStep) await endEpoch(epoch);
      else if (stopped === undefined) {
        throw outOfRange("fit", "an epoch must have batches", 0);
      }
    }
    return { history, steps: step, stopped: stopped! };
  } catch (error) {
    if (error instanceof NonFiniteError) good.restore();
    throw error;
  } finally {
    for (const callback of callbacks) await callback.end?.(run);
    good.dispose();
    monitor.dispose();
    if (options.optimizer === undefined) optimizer.dispose();
  }
}
