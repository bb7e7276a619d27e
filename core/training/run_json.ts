/**
 * `run.json`: how a run was begun, and where it stands.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";
import { isRecord, parseJson } from "../files/json.ts";
import type { Json } from "../types.ts";
import type { RunState } from "./saved.ts";

/** The name of the file. */
export const RUN = "run.json";

/** The name of a checkpoint: its step, and a number where the step has several. */
export const CHECKPOINT: RegExp = /^step-(\d+)(?:-(\d+))?$/;

/** A number that JSON does not know is kept under this key. */
const NUMBER = "$number";

/** What the file holds. */
export interface RunFile {
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
  /** The name of the best checkpoint. */
  readonly best?: string;
  readonly checkpoints: Json;
  readonly state: RunState;
}

/** JSON in UTF-8, for a person to read, with the numbers that it does not know. */
export const encodeJson = (value: unknown): Uint8Array =>
  new TextEncoder().encode(`${
    JSON.stringify(
      value,
      (_, value) =>
        typeof value === "number" && !Number.isFinite(value) ? { [NUMBER]: String(value) } : value,
      2,
    )
  }\n`);

/** JSON with the numbers that it does not know. */
function withNumbers(json: Json): Json {
  if (Array.isArray(json)) return json.map(withNumbers);
  if (!isRecord(json)) return json;
  if (typeof json[NUMBER] === "string") return Number(json[NUMBER]);
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, withNumbers(value)]),
  );
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isList = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem);

/** Whether something is the state of a run, as far as going on rests on it. */
function isState(state: unknown): boolean {
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

/**
 * Reads the file.
 *
 * @param action The attempted action, for errors.
 * @param folder Where it comes from, for errors.
 * @param bytes What it holds.
 * @throws {RangeError} If it is no run of a version that is known.
 */
export function parseRun(action: string, folder: string, bytes: Uint8Array): RunFile {
  const what = `'${folder}/${RUN}'`;
  const run: unknown = withNumbers(parseJson(action, what, bytes));
  if (!isRecord(run) || run.format !== "elbo run" || run.version !== 1) {
    const found = isRecord(run) ? [run.format, run.version] : run;
    throw outOfRange(action, `${what} must say format 'elbo run' and version 1`, found);
  }
  if (!isRun(run)) throw outOfRange(action, `${what} must hold a run`, Object.keys(run));
  return run;
}
