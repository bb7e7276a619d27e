/**
 * The way back to where all was finite: to the parameters of the last check, and, for a run that is to
 * go on from there, to all else that it knew.
 *
 * @module
 */
import { type Snapshot, takeSnapshot } from "../scope.ts";
import type { Optimizer, Variable } from "../types.ts";
import type { Average } from "./average.ts";
import { type OptimizerState, readOptimizer, restoreOptimizer } from "./optimizer.ts";
import type { RunState } from "./saved.ts";

/** Where a run stands in its data. */
export type Position = Pick<RunState, "step" | "epoch" | "batches" | "monitor">;

/** What there is to go back to. */
export interface WayBack {
  /** Remembers all of now. */
  readonly mark: (position: Position) => Promise<void>;
  /** Remembers the same under another position: an epoch has ended. */
  readonly move: (position: Position) => void;
  /** Puts the parameters back. */
  readonly restore: () => void;
  /** Puts all back; answers where that was. */
  readonly goBack: () => Promise<Position>;
  /** Lets go of it. */
  readonly dispose: () => void;
}

/** What can be put back. */
interface Parts {
  readonly parameters: ReadonlyMap<string, Variable>;
  readonly trainable: ReadonlyMap<string, Variable>;
  readonly optimizer: Optimizer;
  readonly average: Average | undefined;
  /** Whether more is remembered than the parameters. */
  readonly whole: boolean;
}

/** Remembers the parameters of now, to begin with. */
export function openWayBack(
  { parameters, trainable, optimizer, average, whole }: Parts,
): WayBack {
  const snapshot = takeSnapshot(parameters);
  const averages: Snapshot | undefined = whole ? average?.snapshot() : undefined;
  let known: OptimizerState | undefined, position: Position | undefined;
  return {
    mark: async (now) => {
      snapshot.renew();
      if (!whole) return;
      averages?.renew();
      known = await readOptimizer(optimizer, trainable);
      position = now;
    },
    move: (now) => void (position = now),
    restore: snapshot.restore,
    goBack: async () => {
      snapshot.restore();
      averages?.restore();
      await restoreOptimizer(optimizer, known!, trainable);
      return position!;
    },
    dispose: () => {
      snapshot.dispose();
      averages?.dispose();
    },
  };
}
