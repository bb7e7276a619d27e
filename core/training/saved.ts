/**
 * A run at one moment, on the host: all that it takes to go on from there.
 *
 * @module
 */
import type { EpochReport, Rollback } from "../callback.ts";
import type { MonitorState } from "../monitor.ts";
import type { StoredTensor } from "../safetensors.ts";
import type { Json } from "../types.ts";
import type { OptimizerState } from "./optimizer.ts";

/** Values of tensors by name. */
export type StoredTensors = ReadonlyMap<string, StoredTensor>;

/** What a callback remembers. */
export interface CallbackState {
  readonly name: string;
  readonly state: Json;
}

/** Where a run stands. Noise and order are functions of the seed and of these numbers. */
export interface RunState {
  /** Steps taken. */
  readonly step: number;
  /** Epochs finished. */
  readonly epoch: number;
  /** Batches taken of the epoch. */
  readonly batches: number;
  /** The learning rate as a share of what it would be without roll-backs. */
  readonly share: number;
  /** The score of the best epoch. */
  readonly best?: number | undefined;
  /** Why a callback ended it, if one did. */
  readonly stopped?: string | undefined;
  readonly rollbacks: readonly Rollback[];
  readonly history: readonly EpochReport[];
  readonly monitor: MonitorState;
  readonly callbacks: readonly CallbackState[];
}

/** Where every run begins. */
export const BEGINNING: RunState = {
  step: 0,
  epoch: 0,
  batches: 0,
  share: 1,
  rollbacks: [],
  history: [],
  monitor: { data: 0 },
  callbacks: [],
};

/** A run at one moment. */
export interface Saved {
  readonly state: RunState;
  /** The parameters that are trained, and the buffers. */
  readonly parameters: StoredTensors;
  /** The averages of those that are averaged, where there is an average. */
  readonly average?: StoredTensors | undefined;
  readonly optimizer: OptimizerState;
  /** The tensors of the callbacks with a state: `0/…` for the first of them. */
  readonly callbacks: StoredTensors;
}

/** The paths of a run's checkpoints. */
export interface CheckpointPaths {
  /** The newest one: the path of a folder that `load` takes as well. */
  readonly newest: string;
  /** The one after the best epoch, if it was kept. */
  readonly best?: string | undefined;
}

/** Keeps a run somewhere. */
export interface Keeper {
  /** After how many steps, unless after every epoch. */
  readonly everySteps?: number | undefined;
  /** Whether a better epoch than all before is kept. */
  readonly keepBest: boolean;
  /** Keeps it; whether as the best one too. */
  readonly keep: (saved: Saved, best: boolean) => Promise<void>;
  /** Where the checkpoints lie, if there are any. */
  readonly paths: () => CheckpointPaths | undefined;
}
