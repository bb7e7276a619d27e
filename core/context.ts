/**
 * What a part of the model may know beyond its own input.
 *
 * @module
 */
import type { Tensor } from "./types.ts";

/** How far the training has come: what schedules are functions of. */
export interface Progress {
  /** Steps taken before this one, from 0. */
  readonly step: number;
  /** Steps in all, where that is known. */
  readonly steps?: number;
  /** Epochs finished before this one, from 0. */
  readonly epoch: number;
  /** The number of training data, where that is known. */
  readonly datasetSize?: number | undefined;
}

/** What a part of the model may know beyond its own input. */
export interface Context {
  /** Whether this is a training step. */
  readonly training: boolean;
  /** How far the training has come. */
  readonly progress: Progress;
  /** What the model is conditioned on `[B, …C]`. */
  readonly condition?: Tensor | undefined;
  /** 1 where an entry was observed `[B, …D]`. */
  readonly mask?: Tensor | undefined;
  /** Log size factor `[B]`, for the likelihood. */
  readonly offset?: Tensor | undefined;
}

/** The context of a model that has not been trained. */
export const AT_REST: Context = { training: false, progress: { step: 0, epoch: 0 } };
