/**
 * Watches a training run from the device: running means of the ledger, and the first step at
 * which anything was not finite. Nothing is read back until somebody looks.
 *
 * @module
 */
import { tf } from "./deps.ts";
import { type Ledger, ledgerMeans, type LedgerSummary, summarizeLedger } from "./ledger.ts";
import { wrongType } from "./errors.ts";
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

/** One step, measured. */
export interface Measurement {
  /** Its ledger without the values. */
  readonly ledger: Pick<Ledger, "terms" | "bound">;
  /** The names of the outputs. */
  readonly outputs: readonly string[];
  /** The number of data. */
  readonly rows: number;
  /** The means of its ledger. */
  readonly means: Tensor;
  /** The sum of every output: finite only if everything in it is. */
  readonly sums: Tensor;
}

/** Watches one training run. */
export interface Monitor {
  /**
   * Measures one step: to be called where its tensors are, among those that are differentiated.
   * What it answers is to be handed to `record`.
   */
  readonly measure: (
    ledger: Ledger,
    rows: number,
    outputs: readonly (readonly [name: string, value: Tensor])[],
  ) => Measurement;
  /**
   * Takes down one step, before the parameters change. The caller disposes the tensors of the
   * measurement.
   */
  readonly record: (step: number, measurement: Measurement) => void;
  /** The means of the ledger over all data since the last reset. */
  readonly means: () => Promise<LedgerSummary>;
  /** Starts the means anew. */
  readonly reset: () => void;
  /** The first value that was not finite up to this step and its update, if there was one. */
  readonly nonFinite: (step: number) => Promise<NonFiniteError | undefined>;
  /** Lets go of everything. */
  readonly dispose: () => void;
}

/** Later than any step. */
const NEVER = 2 ** 30;

/** Opens a monitor over some parameters. */
export function openMonitor(parameters: ReadonlyMap<string, Variable>): Monitor {
  const parameterNames = Array.from(parameters.keys(), (path) => `parameter '${path}'`);
  let names: readonly string[] | undefined;
  let last: Pick<Ledger, "terms" | "bound"> | undefined;
  let ledgerSums: Tensor | undefined;
  let firstBad: Tensor | undefined;
  let data = 0;

  /** Puts a value in the place of an older one, and keeps it beyond the step. */
  function replace(older: Tensor | undefined, value: Tensor): Tensor {
    older?.dispose();
    return tf.keep(value);
  }

  const sumOfEach = (values: Iterable<Tensor>): Tensor =>
    tf.stack(Array.from(values, (value) => tf.sum(value)));

  return {
    measure: (ledger, rows, outputs) => ({
      ledger,
      outputs: outputs.map(([name]) => name),
      rows,
      means: tf.keep(ledgerMeans(ledger, rows)),
      sums: tf.keep(sumOfEach(outputs.map(([, value]) => value))),
    }),
    record: (step, { ledger, outputs, rows, means, sums }) => {
      last = ledger;
      const before = names;
      names = [...parameterNames, ...outputs, ...ledger.terms.map((term) => term.name)];
      if (before !== undefined && before.join() !== names.join()) {
        const now = names;
        const common = before.filter((name) => now.includes(name));
        const changed = [...before, ...now].filter((name) => !common.includes(name));
        const found = changed.length > 0 ? changed : names;
        throw wrongType("train", "every step must have the same outputs and terms", found);
      }
      tf.tidy(() => {
        const total = tf.mul(means, rows);
        ledgerSums = replace(ledgerSums, ledgerSums ? tf.add(ledgerSums, total) : total);
        data += rows;
        const nats = tf.slice(means, 2, ledger.terms.length);
        const probes = tf.concat([sumOfEach(parameters.values()), sums, nats]);
        const sofar = firstBad ?? tf.fill(probes.shape, NEVER);
        const now = tf.where(tf.isFinite(probes), sofar, tf.minimum(sofar, step));
        firstBad = replace(firstBad, now);
      });
    },
    means: async () => {
      if (ledgerSums === undefined) {
        throw wrongType("read the means", "a step must have been taken in this epoch", "none");
      }
      const values = await ledgerSums.data();
      return summarizeLedger(
        last!,
        Array.from(values, (value) => value / data),
      );
    },
    reset: () => {
      ledgerSums?.dispose();
      ledgerSums = undefined;
      data = 0;
    },
    nonFinite: async (now) => {
      if (firstBad === undefined) return undefined;
      const steps = await firstBad.data<"float32">();
      const step = steps.reduce((earliest, step) => Math.min(earliest, step));
      if (step !== NEVER) {
        const bad = names!.filter((_, i) => steps[i] === step);
        const terms = last!.terms.map((term) => term.name);
        return new NonFiniteError(
          step,
          bad.find((name) => terms.includes(name)),
          bad.find((name) => !terms.includes(name)),
        );
      }
      const sums = tf.tidy(() => sumOfEach(parameters.values()));
      const index = (await sums.data()).findIndex((sum) => !Number.isFinite(sum));
      sums.dispose();
      return index < 0 ? undefined : new NonFiniteError(now, undefined, parameterNames[index]);
    },
    dispose: () => {
      ledgerSums?.dispose();
      firstBad?.dispose();
    },
  };
}
