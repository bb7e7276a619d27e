/**
 * How a model is trained: the options of `fit`, and the plan that they make.
 *
 * @module
 */
import type { Callback } from "../callback.ts";
import type { Dataset } from "../data/dataset.ts";
import { tf } from "../deps.ts";
import { outOfRange, requireNumber, requirePositiveInteger, wrongType } from "../errors.ts";
import { type Seed, seed as toSeed } from "../random.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import type { Schedule } from "../schedule.ts";
import type { Accepted, Support } from "../support.ts";
import type { Optimizer } from "../types.ts";
import type { Averaging } from "./average.ts";
import type { Clipping } from "./gradients.ts";

/** What happens where a value stops being finite: back to the last check, more slowly from there. */
export interface RollbackOptions {
  /** How often a run may go back before it ends after all. */
  readonly attempts: number;
  /**
   * What the learning rate is multiplied by each time.
   * @default 0.5
   */
  readonly factor?: number | undefined;
}

/** Where a run is kept, and how often. */
export interface CheckpointOptions {
  /** The folder of the run, which is made if need be. It must not hold another run. */
  readonly folder: string;
  /**
   * After how many steps there is a checkpoint. After every epoch unless told.
   */
  readonly everySteps?: number | undefined;
  /**
   * How many of the newest are kept.
   * @default 3
   */
  readonly keep?: number | undefined;
  /**
   * Whether there is a checkpoint after every epoch that is better than all before, by the
   * validation data or else the training data, and the best of them is kept.
   * @default true
   */
  readonly keepBest?: boolean | undefined;
}

/** What watches a run and may end it. */
export interface Watchers<S extends Support = Support> {
  /** Data whose true ELBO is computed after every epoch. */
  readonly validation?: Dataset<NoInfer<Accepted<S>>> | undefined;
  /** What watches the run. */
  readonly callbacks?: readonly Callback[] | undefined;
  /**
   * Ends the run when its step is over, without a report of the unfinished epoch, and with a
   * checkpoint where there are any. `Deno.addSignalListener("SIGINT", () => controller.abort())`
   * makes Ctrl-C do so.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Any optimizer of `tf.train`, which stays yours to dispose. Adam unless told.
   */
  readonly optimizer?: Optimizer | undefined;
}

/** How a model is trained. */
export interface FitOptions<S extends Support = Support> extends Watchers<S> {
  /**
   * How many times to go through the data: 10 unless `epochs` or `steps` is given. Data whose number
   * of rows is not known want `steps`.
   */
  readonly epochs?: number | undefined;
  /** How many steps to take, instead of a number of epochs. */
  readonly steps?: number | undefined;
  /**
   * B, the rows of a batch; the last one of an epoch may have fewer.
   * @default 128, or all rows where there are fewer
   */
  readonly batchSize?: number | undefined;
  /**
   * The learning rate of Adam, where no optimizer is given: a number, or a schedule.
   * @default 0.001
   */
  readonly learningRate?: number | Schedule | undefined;
  /**
   * How many batches make a step, whose gradients are averaged over all of their rows: batches that
   * are too large for memory, in parts.
   * @default 1
   */
  readonly accumulate?: number | undefined;
  /** How large gradients may be: as they are unless told. */
  readonly clip?: Clipping | undefined;
  /**
   * Keeps an exponential moving average of the parameters: validation, what callbacks see after an
   * epoch, and the finished model have the averages. Buffers are not averaged.
   */
  readonly average?: Averaging | undefined;
  /** Goes back where a value stops being finite, instead of ending the run. */
  readonly rollback?: RollbackOptions | undefined;
  /** Keeps the run on disk, to be resumed. In Deno this needs `--allow-write` of the folder. */
  readonly checkpoints?: CheckpointOptions | undefined;
  /**
   * Where the order of the data and the latent noise come from.
   * @default 0
   */
  readonly seed?: number | Seed | undefined;
}

/** All that decides the numbers of a run, beside its model and its data. */
export interface Plan {
  /** The number of epochs, unless it goes by steps. */
  readonly epochs?: number | undefined;
  /** The number of steps. */
  readonly steps: number;
  /** The number of steps of one epoch, where the number of data is known. */
  readonly stepsPerEpoch?: number | undefined;
  readonly batchSize: number;
  /** Of our own Adam, unless there is another optimizer. */
  readonly learningRate?: number | Schedule | undefined;
  readonly accumulate: number;
  readonly clip?: Clipping | undefined;
  readonly average?: Averaging | undefined;
  readonly rollback?: { readonly attempts: number; readonly factor: number } | undefined;
  readonly seed: Seed;
}

/** The options of a run that are records themselves, with the names of theirs. */
const RECORDS = {
  clip: { norm: true, value: true } satisfies OptionNames<Clipping>,
  average: { decay: true } satisfies OptionNames<Averaging>,
  rollback: { attempts: true, factor: true } satisfies OptionNames<RollbackOptions>,
  checkpoints: { folder: true, everySteps: true, keep: true, keepBest: true } satisfies OptionNames<
    CheckpointOptions
  >,
};

/** The names of what watches a run. */
export const WATCHERS: OptionNames<Watchers> = {
  validation: true,
  callbacks: true,
  signal: true,
  optimizer: true,
};

const NAMES = {
  epochs: true,
  steps: true,
  batchSize: true,
  learningRate: true,
  accumulate: true,
  clip: true,
  average: true,
  rollback: true,
  checkpoints: true,
  seed: true,
  ...WATCHERS,
} satisfies OptionNames<FitOptions>;

function requirePositive(name: string, value: number | undefined): void {
  if (value !== undefined) requireNumber("fit", name, value, { minimum: 0, open: true });
}

/** Throws unless a record has at least one of some options. */
function requireOneOf(name: string, record: object, options: readonly string[]): void {
  const given = Object.entries(record).some(([key, value]) =>
    options.includes(key) && value !== undefined
  );
  if (!given) throw outOfRange("fit", `'${name}' must have ${options.join(" or ")}`, record);
}

/** Throws unless watchers are what they are said to be. */
export function requireWatchers(action: string, { callbacks, optimizer }: Watchers): void {
  const unmade = callbacks?.findIndex((callback) => callback?.kind !== "callback") ?? -1;
  if (unmade >= 0) {
    const requirement = "every callback must be made, as in 'progressBar()'";
    throw wrongType(action, requirement, callbacks![unmade]);
  }
  if (optimizer !== undefined && !(optimizer instanceof tf.Optimizer)) {
    throw wrongType(action, "'optimizer' must be one of tf.train", optimizer);
  }
}

function requireRate(learningRate: number | Schedule, optimizer: Optimizer | undefined): void {
  if (typeof learningRate !== "object" || learningRate?.kind !== "schedule") {
    requirePositive("learningRate", learningRate as number);
  }
  if (optimizer === undefined) return;
  const requirement = "'learningRate' must not be given beside an 'optimizer'";
  const current = typeof learningRate === "number" ? learningRate : learningRate.name;
  throw outOfRange("fit", requirement, current);
}

const isPath = (value: unknown): boolean => typeof value === "string" && value !== "";

function requireFitOptions(options: FitOptions): void {
  requireOptions("fit", options, NAMES);
  const { epochs, steps, batchSize, accumulate, learningRate, optimizer } = options;
  const { clip, average, rollback, checkpoints } = options;
  requireWatchers("fit", options);
  for (const [name, value] of Object.entries({ clip, average, rollback, checkpoints })) {
    if (value !== undefined) {
      requireOptions("fit", value, RECORDS[name as keyof typeof RECORDS], name);
    }
  }
  const counts = {
    epochs,
    steps,
    batchSize,
    accumulate,
    "rollback.attempts": rollback?.attempts,
    "checkpoints.everySteps": checkpoints?.everySteps,
    "checkpoints.keep": checkpoints?.keep,
  };
  for (const [name, value] of Object.entries(counts)) {
    if (value !== undefined) requirePositiveInteger("fit", name, value);
  }
  if (epochs !== undefined && steps !== undefined) {
    throw outOfRange("fit", "'epochs' and 'steps' must not both be given", [epochs, steps]);
  }
  if (learningRate !== undefined) requireRate(learningRate, optimizer);
  if (clip !== undefined) {
    requireOneOf("clip", clip, ["norm", "value"]);
    requirePositive("clip.norm", clip.norm);
    requirePositive("clip.value", clip.value);
  }
  const shares = { "average.decay": average?.decay, "rollback.factor": rollback?.factor };
  for (const [name, value] of Object.entries(shares)) {
    if (value === undefined || (value > 0 && value < 1)) continue;
    throw outOfRange("fit", `'${name}' must be above 0 and below 1`, value);
  }
  if (average !== undefined) requireOneOf("average", average, ["decay"]);
  if (rollback !== undefined) requireOneOf("rollback", rollback, ["attempts"]);
  if (checkpoints !== undefined && !isPath(checkpoints.folder)) {
    throw wrongType("fit", "'checkpoints.folder' must be a path", checkpoints.folder);
  }
}

/**
 * The plan that some options make.
 *
 * @throws {RangeError} If an option is out of its range.
 * @throws {TypeError} If a callback or the optimizer is none.
 */
export function planOf(options: FitOptions, { size }: Pick<Dataset, "size">): Plan {
  requireFitOptions(options);
  const { steps, accumulate = 1, rollback } = options;
  const { batchSize = Math.min(128, size ?? 128) } = options;
  if (size !== undefined && batchSize > size) {
    throw outOfRange("fit", `'batchSize' must not exceed the ${size} rows of the data`, batchSize);
  }
  if (size === undefined && steps === undefined) {
    const requirement = "'steps' must be given for data whose number of rows is not known";
    throw outOfRange("fit", requirement, steps);
  }
  const stepsPerEpoch = size === undefined
    ? undefined
    : Math.ceil(Math.ceil(size / batchSize) / accumulate);
  const epochs = steps === undefined ? options.epochs ?? 10 : undefined;
  return {
    epochs,
    steps: steps ?? epochs! * stepsPerEpoch!,
    stepsPerEpoch,
    batchSize,
    ...(options.optimizer === undefined && { learningRate: options.learningRate ?? 1e-3 }),
    accumulate,
    clip: options.clip,
    average: options.average,
    rollback: rollback && { attempts: rollback.attempts, factor: rollback.factor ?? 0.5 },
    seed: toSeed(options.seed ?? 0),
  };
}
