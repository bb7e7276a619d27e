/**
 * A run at one moment as files, and back: its model as `save` writes it, and beside it what it takes
 * to go on. `SHA256SUMS` says of all others what they must hold, as the program `sha256sum` does.
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
import { parseJson } from "../files/json.ts";
import type { Files } from "../files/write.ts";
import type { Vae } from "../model.ts";
import { fromKey } from "../random.ts";
import type { Schedule } from "../schedule.ts";
import { decodeSafetensors, encodeSafetensors } from "../safetensors.ts";
import { type Json, sameShape } from "../types.ts";
import { VERSION } from "../version.ts";
import { hashOf } from "./fingerprint.ts";
import type { CheckpointOptions, FitOptions, Plan, Watchers } from "./options.ts";
import type { RunState, Saved, StoredTensors } from "./saved.ts";

const ACTION = "resume";

/** The names of the files beside those of the model. */
export const RUN = "run.json";

const OPTIMIZER = "optimizer.safetensors", CALLBACKS = "callbacks.safetensors";

/** What the parameters are that are trained, where the model has their averages. */
const UNAVERAGED = "unaveraged.safetensors";

const SUMS = "SHA256SUMS";

/** The name of a checkpoint: its step, and a number where the step has several. */
export const CHECKPOINT: RegExp = /^step-(\d+)(?:-(\d+))?$/;

/** A number that JSON does not know is kept under this key. */
const NUMBER = "$number";

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

/** What `run.json` holds. */
interface RunFile {
  readonly format: "elbo run";
  readonly version: 1;
  readonly elbo: string;
  readonly options: { readonly [option: string]: Json };
  /** The number of rows, where it is known. */
  readonly rows: number | null;
  /** What tells its data from others. */
  readonly fingerprint?: string;
  readonly validated: boolean;
  readonly optimizer: {
    readonly name: string;
    /** Whether it is the one that `fit` takes where none is given. */
    readonly own: boolean;
    readonly iterations: number;
    /** The names of its tensors, in its own order. */
    readonly weights: readonly string[];
  };
  readonly best?: string;
  readonly checkpoints: Json;
  readonly state: Json;
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

const encode = (json: unknown): Uint8Array =>
  new TextEncoder().encode(`${
    JSON.stringify(
      json,
      (_, value) =>
        typeof value === "number" && !Number.isFinite(value) ? { [NUMBER]: String(value) } : value,
      2,
    )
  }\n`);

function isRecord(value: unknown): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON with the numbers that it does not know. */
function withNumbers(json: Json): Json {
  if (Array.isArray(json)) return json.map(withNumbers);
  if (!isRecord(json)) return json;
  if (typeof json[NUMBER] === "string") return Number(json[NUMBER]);
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, withNumbers(value)]),
  );
}

const sumOf = (bytes: Uint8Array): Promise<string> => hashOf(bytes as Uint8Array<ArrayBuffer>);

/**
 * What is wrong with the files of a checkpoint, if anything is.
 *
 * @param read Reads the file of some name, and throws if it cannot.
 * @returns The files, or a sentence.
 */
export async function readSound(
  read: (name: string) => Promise<Uint8Array>,
): Promise<Files | string> {
  const files = new Map<string, Uint8Array>();
  try {
    const lines = new TextDecoder().decode(await read(SUMS)).trimEnd().split("\n");
    const sums = lines.map((line) =>
      /^([0-9a-f]{64}) {2}([a-z]+\.(?:json|safetensors))$/.exec(line)
    );
    if (sums.includes(null)) return `'${SUMS}' is damaged`;
    for (const [, sum, name] of sums as RegExpExecArray[]) {
      const bytes = await read(name!);
      if (await sumOf(bytes) !== sum) return `'${name}' is damaged`;
      files.set(name!, bytes);
    }
  } catch (error) {
    const { cause, message, name } = error as Error;
    const { code = "ENOENT" } = (cause ?? {}) as { readonly code?: string };
    // What cannot be read now may be whole all the same.
    if (code !== "ENOENT" || name === "NotCapable") throw error;
    return message;
  }
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
    state: state as unknown as Json,
  };
  const trained = new Map([...parameters].filter(([path]) => average?.has(path)));
  const files = new Map<string, Uint8Array>([
    [MODEL, encode(describeModel(model))],
    [PARAMETERS, encodeSafetensors(new Map([...parameters, ...average ?? []]))],
    ...(average === undefined ? [] : [[UNAVERAGED, encodeSafetensors(trained)] as const]),
    [OPTIMIZER, encodeSafetensors(optimizer.weights)],
    ...(callbacks.size === 0 ? [] : [[CALLBACKS, encodeSafetensors(callbacks)] as const]),
    [RUN, encode(run)],
  ]);
  const sums: string[] = [];
  for (const [name, bytes] of files) sums.push(`${await sumOf(bytes)}  ${name}\n`);
  return files.set(SUMS, new TextEncoder().encode(sums.join("")));
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isList = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem);

/** Whether something is the state of a run, as far as going on rests on it. */
function isState(state: unknown): state is RunState {
  if (!isRecord(state) || !isRecord(state.monitor)) return false;
  const { step, epoch, batches, share, stopped, best, monitor } = state;
  const { data, sums, ledger } = monitor;
  const number = (value: unknown) => typeof value === "number";
  return [step, epoch, batches, data].every(isCount) &&
    number(share) && share as number > 0 && share as number <= 1 &&
    (best === undefined || number(best)) &&
    (stopped === undefined || typeof stopped === "string") &&
    isList(state.history, isRecord) && isList(state.rollbacks, isRecord) &&
    isList(state.callbacks, (item) => isRecord(item) && typeof item.name === "string") &&
    (sums === undefined ||
      isList(sums, number) && isRecord(ledger) && isList(ledger.terms, isRecord) &&
        (sums as unknown[]).length === 2 + 2 * (ledger.terms as unknown[]).length);
}

function isRun(run: unknown): run is RunFile {
  if (!isRecord(run) || !isRecord(run.options) || !isRecord(run.optimizer)) return false;
  const { name, own, iterations, weights } = run.optimizer;
  return (run.rows === null || isCount(run.rows)) &&
    (run.fingerprint === undefined || typeof run.fingerprint === "string") &&
    typeof run.validated === "boolean" &&
    typeof name === "string" && typeof own === "boolean" && isCount(iterations) &&
    isList(weights, (item) => typeof item === "string") &&
    (run.best === undefined || typeof run.best === "string" && CHECKPOINT.test(run.best)) &&
    isRecord(run.checkpoints) &&
    isList(run.options.seed, isCount) && (run.options.seed as unknown[]).length === 2 &&
    isState(run.state);
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
  const what = `'${folder}/${RUN}'`;
  const run: unknown = withNumbers(parseJson(ACTION, what, files.get(RUN)!));
  if (!isRecord(run) || run.format !== "elbo run" || run.version !== 1) {
    const found = isRecord(run) ? [run.format, run.version] : run;
    throw outOfRange(ACTION, `${what} must say format 'elbo run' and version 1`, found);
  }
  if (!isRun(run)) throw outOfRange(ACTION, `${what} must hold a run`, Object.keys(run));
  const tensorsIn = (name: string): StoredTensors =>
    files.has(name) ? decodeSafetensors(files.get(name)!).tensors : new Map();
  const stored = tensorsIn(PARAMETERS), trained = tensorsIn(UNAVERAGED);
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
      state: run.state as unknown as RunState,
      parameters: new Map([...stored, ...trained]),
      ...(trained.size > 0 && { average: new Map(average) }),
      optimizer: { ...optimizer, weights: new Map(weights.map((name) => [name, kept.get(name)!])) },
      callbacks: tensorsIn(CALLBACKS),
    },
    model,
  };
}
