/**
 * Watches a training run from the device: running means of the ledger, and the first step at
 * which anything was not finite. Nothing is read back from a GPU until somebody looks.
 *
 * @module
 */
import { tf } from "./deps.ts";
import { wrongType } from "./errors.ts";
import {
  type Ledger,
  ledgerColumns,
  type LedgerRows,
  type LedgerSummary,
  summarizeLedger,
} from "./ledger.ts";
import { means as meansOf } from "./operations/means.ts";
import type { Tensor, Variable } from "./types.ts";

/** Training met a value that is not finite. */
export class NonFiniteError extends RangeError {
  /** The step at which it was met first, from 1. */
  readonly step: number;
  /** The term of the objective that was not finite then, if one was. */
  readonly term: string | undefined;
  /** The first parameter, or else output of a network, that was not finite then. */
  readonly source: string | undefined;

  /** Says where it was met. */
  constructor(step: number, term: string | undefined, source: string | undefined) {
    const what = source ?? (term === undefined ? "every value" : `term '${term}'`);
    const then = term === undefined ? "after its update" : `for term '${term}'`;
    super(
      `Cannot go on training as ${what} must be finite at step ${step}, ${then}: ` +
        "current value is not (a smaller learning rate, or data of a smaller scale, may help)",
    );
    this.name = "NonFiniteError";
    this.step = step;
    this.term = term;
    this.source = source;
  }
}

/** What a monitor knows of an epoch. */
export interface MonitorState {
  /** The number of data. */
  readonly data: number;
  /** The sum over them of each of the ledger's columns, if there were any. */
  readonly sums?: readonly number[] | undefined;
  /** What the columns are. */
  readonly ledger?: LedgerRows | undefined;
}

/** Watches one training run. */
export interface Monitor {
  /** Measures one step: to be called where its tensors are, among those that are differentiated. */
  readonly measure: (
    ledger: Ledger,
    rows: number,
    outputs: readonly (readonly [name: string, value: Tensor])[],
  ) => void;
  /**
   * Takes down the step that was measured.
   *
   * @param step Its number, from 1.
   * @param finite The probes of the trainable parameters that the optimizer promised.
   */
  readonly record: (step: number, finite?: Tensor) => void;
  /** The means of the ledger over all data since the last reset. */
  readonly means: () => Promise<LedgerSummary>;
  /** Starts the means anew. */
  readonly reset: () => void;
  /** What it knows of the data since the last reset. */
  readonly state: () => Promise<MonitorState>;
  /** Goes on from what it knew, and forgets what was not finite. */
  readonly restore: (state: MonitorState) => void;
  /** The first value that was not finite up to now, if there was one. */
  readonly nonFinite: () => Promise<NonFiniteError | undefined>;
  /** Lets go of everything. */
  readonly dispose: () => void;
}

/** What is known on the host of a step that was measured on the device. */
interface Measured {
  readonly step: number;
  readonly ledger: LedgerRows;
  readonly outputs: readonly string[];
  readonly rows: number;
}

/** How a run is watched. */
export interface MonitorOptions {
  /**
   * Whether `record` is given a probe of every trainable parameter, a number that is finite only
   * if all of it was finite before the step.
   */
  readonly probed: boolean;
}

/** The backends whose memory is the host's: there is nothing to wait for, and nothing to keep. */
const READ_FOR_NOTHING: ReadonlySet<string> = new Set(["cpu", "wasm"]);

/** Opens a monitor over some parameters. */
export function openMonitor(
  parameters: ReadonlyMap<string, Variable>,
  { probed }: MonitorOptions,
): Monitor {
  const entries = [...parameters];
  const probedElsewhere = entries.filter(([, variable]) => probed && variable.trainable);
  const probedHere = entries.filter(([, variable]) => !probed || !variable.trainable);
  const namesOf = (some: typeof entries) => some.map(([path]) => `parameter '${path}'`);
  const probesOf = (some: typeof entries) => some.map(([, variable]) => variable);
  const parameterNames = namesOf([...probedHere, ...probedElsewhere]);

  let current: (Omit<Measured, "step"> & { readonly means: Tensor }) | undefined;
  let names: readonly string[] | undefined;
  /** The steps that were not read yet, each with its numbers on the device. */
  let unread: (readonly [step: Measured, numbers: readonly Tensor[]])[] = [];
  let last: Measured | undefined;
  let ledger: LedgerRows | undefined;
  let sums: readonly number[] | undefined;
  let data = 0;
  let failure: NonFiniteError | undefined;
  let reading: Promise<unknown> = Promise.resolve();

  /** Throws where a step has other outputs and terms than the one before. */
  function requireSameNames(now: readonly string[]): void {
    const before = names;
    names = now;
    if (before === undefined || before.join() === now.join()) return;
    const common = before.filter((name) => now.includes(name));
    const changed = [...before, ...now].filter((name) => !common.includes(name));
    const found = changed.length > 0 ? changed : now;
    throw wrongType("train", "every step must have the same outputs and terms", found);
  }

  /** Looks at the numbers of one step: its ledger, its outputs, its parameters. */
  function look({ step, ledger, outputs, rows }: Measured, values: ArrayLike<number>): void {
    const { terms } = ledger;
    const columns = Array.from({ length: 2 + 2 * terms.length }, (_, i) => values[i]!);
    sums = columns.map((mean, i) => (sums?.[i] ?? 0) + mean * rows);
    data += rows;
    const bad = [...outputs, ...parameterNames].filter((_, i) =>
      !Number.isFinite(values[columns.length + i])
    );
    const badTerm = terms.find((_, i) => !Number.isFinite(columns[2 + i]));
    if (bad.length === 0 && badTerm === undefined) return;
    const source = bad.find((name) => parameterNames.includes(name)) ?? bad[0];
    failure ??= new NonFiniteError(step, badTerm?.name, source);
  }

  /** Reads what waits on the device, and more of it, after whoever reads now. */
  function read(more: () => readonly Tensor[] = () => []): Promise<Float32Array> {
    const found = reading.catch(() => {}).then(() => readAll(more()));
    reading = found;
    return found;
  }

  /** Reads what waits on the device, all at once, and answers what more there is. */
  async function readAll(more: readonly Tensor[]): Promise<Float32Array> {
    const steps = unread;
    unread = [];
    const tensors = [...steps.flatMap(([, numbers]) => numbers), ...more];
    if (tensors.length === 0) return new Float32Array();
    let all: Tensor | undefined, values: Float32Array;
    try {
      all = tf.concat(tensors);
      values = await all.data<"float32">();
    } finally {
      tf.dispose([...tensors, ...(all ? [all] : [])]);
    }
    const rest = more.reduce((size, tensor) => size + tensor.size, 0);
    const end = values.length - rest, width = end / steps.length;
    steps.forEach(([step], i) => look(step, values.subarray(i * width, (i + 1) * width)));
    return values.subarray(end);
  }

  return {
    measure: (ledger, rows, outputs) => {
      const values = outputs.map(([, value]) => value);
      current?.means.dispose();
      current = {
        ledger,
        rows,
        outputs: outputs.map(([name]) => name),
        means: tf.keep(meansOf([...ledgerColumns(ledger), ...values, ...probesOf(probedHere)])),
      };
    },
    record: (step, finite) => {
      const { means, ...measured } = current!;
      last = { ...measured, step };
      ledger = last.ledger;
      requireSameNames([...last.outputs, ...last.ledger.terms.map((term) => term.name)]);
      const numbers = probedElsewhere.length === 0
        ? [means]
        // The backend may have been changed to one without a kernel that probes.
        : [means, finite ?? meansOf(probesOf(probedElsewhere))];
      current = undefined;
      if (READ_FOR_NOTHING.has(tf.getBackend())) {
        look(last, numbers.flatMap((tensor) => Array.from(tensor.dataSync())));
        means.dispose();
      } else {
        unread.push([last, numbers.map((tensor) => tf.keep(tensor))]);
      }
    },
    means: async () => {
      await read();
      if (sums === undefined) {
        throw wrongType("read the means", "a step must have been taken in this epoch", "none");
      }
      return summarizeLedger(ledger!, sums.map((sum) => sum / data));
    },
    reset: () => {
      sums = undefined;
      data = 0;
    },
    state: async () => {
      await read();
      if (sums === undefined) return { data };
      const terms = ledger!.terms.map(({ name, weight, estimator, samples }) =>
        weight === undefined ? { name, estimator, samples } : { name, weight, estimator, samples }
      );
      const { bound } = ledger!;
      return { data, sums, ledger: { terms, ...(bound && { bound: { name: bound.name } }) } };
    },
    restore: (state) => {
      tf.dispose(unread.flatMap(([, numbers]) => numbers));
      unread = [];
      ({ data, sums, ledger } = state);
      failure = last = undefined;
    },
    nonFinite: async () => {
      if (failure !== undefined || last === undefined) return failure;
      const { step } = last;
      const probes = await read(() => [tf.tidy(() => meansOf(probesOf(entries)))]);
      const index = probes.findIndex((probe) => !Number.isFinite(probe));
      if (index >= 0) failure ??= new NonFiniteError(step, undefined, namesOf(entries)[index]);
      return failure;
    },
    dispose: () => {
      current?.means.dispose();
      tf.dispose(unread.flatMap(([, numbers]) => numbers));
    },
  };
}
