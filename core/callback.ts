/**
 * The contract of callbacks: what watches a training run, and may end it.
 *
 * @module
 */
import type { LedgerSummary } from "./ledger.ts";
import type { Vae } from "./model.ts";
import type { Json, Tensor } from "./types.ts";

/** A training run as its callbacks see it. */
export interface Run {
  /** The model that is trained. */
  readonly model: Vae;
  /** The number of steps that it will take unless it is stopped. */
  readonly steps: number;
  /** The number of steps of one epoch, where the number of data is known. */
  readonly stepsPerEpoch?: number | undefined;
  /** Where it goes on from, if it is resumed. */
  readonly resumed?: Resumed | undefined;
  /** Ends the run after this step; the reason stands in the result. */
  readonly stop: (reason: string) => void;
}

/** Where a resumed run goes on from. */
export interface Resumed {
  /** The checkpoint. */
  readonly folder: string;
  /** The number of steps taken before. */
  readonly step: number;
  /** The newer checkpoints that are not whole, each with what is wrong with it. */
  readonly passedOver: readonly string[];
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

/** What a callback is told when a run goes back, and what the result keeps of it. */
export interface Rollback {
  /** The step at which a value was not finite, and what it was. */
  readonly reason: string;
  /** The number of steps that it goes back to. */
  readonly step: number;
  /** The learning rate from there on, as a share of what it would be. */
  readonly share: number;
}

/** How good the model is after an epoch: the larger, the better. */
export function scoreOf({ training, validation }: EpochReport): number {
  const { bound, objective } = validation ?? training;
  return bound?.nats ?? objective;
}

/** Watches a run. Every hook is optional; what one throws ends the run. */
export interface Callback {
  /** It is a callback. */
  readonly kind: "callback";
  /** What it is called. */
  readonly name: string;
  /** Before the first step, also of a run that is resumed. */
  readonly begin?: (run: Run) => void | Promise<void>;
  /** After every step; once more for steps that are taken again after a roll-back. */
  readonly step?: (report: StepReport, run: Run) => void | Promise<void>;
  /** After every epoch, which no roll-back undoes. */
  readonly epoch?: (report: EpochReport, run: Run) => void | Promise<void>;
  /** After the run went back to where all was finite. */
  readonly rollback?: (report: Rollback, run: Run) => void | Promise<void>;
  /** When the run is over, however it ended. */
  readonly end?: (run: Run) => void | Promise<void>;
  /** What it remembers and a checkpoint is to keep; numbers need not be finite. */
  readonly state?: () => Json;
  /** The tensors that it remembers, by name, which stay its own. */
  readonly tensors?: () => ReadonlyMap<string, Tensor>;
  /**
   * Goes on from what it remembered, after `begin`. The tensors are lent to it.
   */
  readonly restore?: (
    state: Json,
    run: Run,
    tensors: ReadonlyMap<string, Tensor>,
  ) => void | Promise<void>;
}
