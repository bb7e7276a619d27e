/**
 * A run at one moment as files, and back: its model as `save` writes it, and beside it what it takes
 * to go on.
 *
 * @module
 */
import {
  describeModel,
  type FindPlugin,
  fromJson,
  parseDescription,
  toJson,
} from "../checkpoint/description.ts";
import { openModel } from "../checkpoint/load.ts";
import { MODEL, PARAMETERS } from "../checkpoint/save.ts";
import type { Dataset } from "../data/dataset.ts";
import { outOfRange } from "../errors.ts";
import type { Files } from "../files/write.ts";
import type { Vae } from "../model.ts";
import { fromKey } from "../random.ts";
import type { Schedule } from "../schedule.ts";
import { decodeSafetensors, encodeSafetensors } from "../safetensors.ts";
import { type Json, sameShape } from "../types.ts";
import { VERSION } from "../version.ts";
import type { CheckpointOptions, FitOptions, Plan, Watchers } from "./options.ts";
import { encodeJson, parseRun, RUN, type RunFile } from "./run_json.ts";
import type { Saved, StoredTensors } from "./saved.ts";
import { readSummed, withSums } from "./sums.ts";

const ACTION = "resume";

/** The names of the files beside those of the model, and {@linkcode RUN}. */
const OPTIMIZER = "optimizer.safetensors", CALLBACKS = "callbacks.safetensors";

/** What the parameters are that are trained, where the model has their averages. */
const UNAVERAGED = "unaveraged.safetensors";

/** What is known of a run beside its state: what a resumed one must be given again. */
export interface RunFacts {
  readonly plan: Plan;
  readonly data: Dataset;
  readonly fingerprint: string;
  readonly watchers: Watchers;
  /** The name of the best checkpoint. */
  readonly best?: string | undefined;
  /** How often there are checkpoints, and how many are kept. */
  readonly checkpoints: Omit<CheckpointOptions, "folder">;
}

/** A run that was read. */
export interface StoredRun {
  readonly model: Vae;
  readonly saved: Saved;
  /** The options that the run was begun with. */
  readonly options: FitOptions;
  readonly rows: number | undefined;
  /** What tells its data from others, where that is known. */
  readonly fingerprint: string | undefined;
  readonly validated: boolean;
  /** Whether its optimizer is the one that `fit` takes where none is given. */
  readonly ownOptimizer: boolean;
  /** The name of the best checkpoint. */
  readonly best?: string | undefined;
  /** How often there are checkpoints, and how many are kept. */
  readonly checkpoints: Omit<CheckpointOptions, "folder">;
}

/**
 * What is wrong with the files of a checkpoint, if anything is.
 *
 * @param read Reads the file of some name, and throws if it cannot.
 * @returns The files, or a sentence.
 */
export async function readSound(
  read: (name: string) => Promise<Uint8Array>,
): Promise<Files | string> {
  const files = await readSummed(read);
  if (typeof files === "string") return files;
  for (const name of [MODEL, PARAMETERS, OPTIMIZER, RUN]) {
    if (!files.has(name)) return `'${name}' is missing`;
  }
  return files;
}

function optionsOf({ plan }: RunFacts): RunFile["options"] {
  const { stepsPerEpoch: _, steps, learningRate, seed, ...others } = plan;
  return toJson({
    ...others,
    steps: plan.epochs === undefined ? steps : undefined,
    learningRate: learningRate as unknown as Json,
    seed: seed.key,
  } as unknown as Json) as RunFile["options"];
}

/** A run as files. */
export async function filesOf(model: Vae, saved: Saved, facts: RunFacts): Promise<Files> {
  const { parameters, average, optimizer, callbacks, state } = saved;
  const { data, fingerprint, watchers, best, checkpoints } = facts;
  const run: RunFile = {
    format: "elbo run",
    version: 1,
    elbo: VERSION,
    options: optionsOf(facts),
    rows: data.size ?? null,
    fingerprint,
    validated: watchers.validation !== undefined,
    optimizer: {
      name: optimizer.name,
      own: watchers.optimizer === undefined,
      iterations: optimizer.iterations,
      weights: [...optimizer.weights.keys()],
    },
    ...(best === undefined ? {} : { best }),
    checkpoints: toJson(checkpoints as unknown as Json),
    state,
  };
  const trained = new Map([...parameters].filter(([path]) => average?.has(path)));
  return await withSums(
    new Map([
      [MODEL, encodeJson(describeModel(model))],
      [PARAMETERS, encodeSafetensors(new Map([...parameters, ...average ?? []]))],
      ...(average === undefined ? [] : [[UNAVERAGED, encodeSafetensors(trained)] as const]),
      [OPTIMIZER, encodeSafetensors(optimizer.weights)],
      ...(callbacks.size === 0 ? [] : [[CALLBACKS, encodeSafetensors(callbacks)] as const]),
      [RUN, encodeJson(run)],
    ]),
  );
}

/** Throws unless there are the values behind the averages of a model, or none. */
function requireAveraged(
  folder: string,
  { parameters }: Vae,
  trained: StoredTensors,
  averaged: boolean,
): void {
  const wanted = new Map(
    [...parameters].filter(([, variable]) => averaged && variable.trainable),
  );
  const wrong = [...trained.keys(), ...wanted.keys()].find((path) => {
    const found = trained.get(path), variable = wanted.get(path);
    return !found || !variable || !sameShape(found.shape, variable.shape);
  });
  if (wrong === undefined) return;
  const requirement = `'${folder}/${UNAVERAGED}' must have what is averaged, and no more`;
  throw outOfRange(ACTION, requirement, wrong);
}

/**
 * The files of a checkpoint as a run, with a model of its own.
 *
 * @param folder Where they come from, for errors.
 * @param files What {@linkcode readSound} found.
 * @param find Finds the plugins.
 * @throws {RangeError} If they are no run, or a plugin is unknown.
 */
export function openRun(folder: string, files: Files, find: FindPlugin): StoredRun {
  const run = parseRun(ACTION, folder, files.get(RUN)!);
  const tensorsIn = (name: string): StoredTensors =>
    files.has(name) ? decodeSafetensors(files.get(name)!, `${folder}/${name}`).tensors : new Map();
  const stored = tensorsIn(PARAMETERS), trained = tensorsIn(UNAVERAGED);
  const callbacks = tensorsIn(CALLBACKS);
  const { weights, own, ...optimizer } = run.optimizer;
  const kept = tensorsIn(OPTIMIZER);
  const missing = weights.find((name) => !kept.has(name));
  if (missing !== undefined) {
    throw outOfRange(ACTION, `'${folder}/${OPTIMIZER}' must have '${missing}'`, "missing");
  }
  const { seed, learningRate, ...options } = run.options;
  const rate = learningRate === undefined ? undefined : fromJson(learningRate, find);
  const average = [...stored].filter(([path]) => trained.has(path));
  const model = openModel(
    parseDescription(ACTION, `'${folder}/${MODEL}'`, files.get(MODEL)!),
    stored,
    find,
  );
  try {
    requireAveraged(folder, model, trained, options.average !== undefined);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return {
    options: {
      ...options,
      ...(rate !== undefined && { learningRate: rate as unknown as number | Schedule }),
      seed: fromKey(seed as unknown as readonly [number, number]),
    },
    rows: run.rows ?? undefined,
    fingerprint: run.fingerprint,
    validated: run.validated,
    ownOptimizer: own,
    best: run.best,
    checkpoints: run.checkpoints as Omit<CheckpointOptions, "folder">,
    saved: {
      state: run.state,
      parameters: new Map([...stored, ...trained]),
      ...(trained.size > 0 && { average: new Map(average) }),
      optimizer: { ...optimizer, weights: new Map(weights.map((name) => [name, kept.get(name)!])) },
      callbacks,
    },
    model,
  };
}
