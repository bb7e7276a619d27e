/**
 * The contract of callbacks: what watches a training run, and may end it.
 *
 * @module
 */
import type { LedgerSummary } from "./ledger.ts";
import type { Vae } from "./model.ts";

/** A training run as its callbacks see it. */
export interface Run {
  /** The model that is trained. */
  readonly model: Vae;
  /** The number of steps that it will take unless it is stopped. */
  readonly steps: number;
  /** The number of steps of one epoch. */
  readonly stepsPerEpoch: number;
  /** Ends the run after this step; the reason stands in the result. */
  readonly stop: (reason: string) => void;
}

/** What a callback is told after a step. */
export interface StepReport {
  /** The number of steps taken. */
  readonly step: number;
  /** The epoch that the step belongs to, from 1. */
  readonly epoch: number;
  /** The number of data in the batch. */
  readonly rows: number;
  /** The means of the ledger over the epoch so far; reads them from the device. */
  readonly means: () => Promise<LedgerSummary>;
}

/** What a callback is told after an epoch, and what the history keeps of it. */
export interface EpochReport {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** The number of steps taken since the run began. */
  readonly step: number;
  /** What the model was trained on, averaged over the epoch. */
  readonly training: LedgerSummary;
  /** The true ELBO of the validation data after the epoch, if there are any. */
  readonly validation?: LedgerSummary;
}

/** Watches a run. Every hook is optional; what one throws ends the run. */
export interface Callback {
  /** It is a callback. */
  readonly kind: "callback";
  /** What it is called. */
  readonly name: string;
  /** Before the first step. */
  readonly begin?: (run: Run) => void | Promise<void>;
  /** After every step. */
  readonly step?: (report: StepReport, run: Run) => void | Promise<void>;
  /** After every epoch. */
  readonly epoch?: (report: EpochReport, run: Run) => void | Promise<void>;
  /** When the run is over, however it ended. */
  readonly end?: (run: Run) => void | Promise<void>;
}
