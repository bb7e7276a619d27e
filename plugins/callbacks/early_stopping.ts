/**
 * Ends a run that has stopped improving, and puts the best parameters back.
 *
 * @module
 */
import type { Callback } from "../../core/callback.ts";
import { requireNumber, requirePositiveInteger } from "../../core/errors.ts";
import { type Snapshot, takeSnapshot } from "../../core/scope.ts";

/** Options of {@linkcode earlyStopping}. */
export interface EarlyStoppingOptions {
  /** How many epochs may pass without a better one. */
  readonly patience: number;
  /**
   * By how many nats per datum an epoch has to be better to count.
   * @default 0
   */
  readonly minimumDelta?: number;
}

/**
 * Ends a run when the validation ELBO has not improved for `patience` epochs. Without validation
 * data it goes by the bound on the training data, and where nothing is bounded by the objective.
 * However the run ends, the parameters are put back to those of the
 * best epoch.
 *
 * @param options The patience, and what counts as better.
 * @throws {RangeError} If the patience is not a positive integer.
 *
 * @example
 * ```ts
 * import { callbacks } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(callbacks.earlyStopping({ patience: 3 }).name, "earlyStopping");
 * ```
 */
export function earlyStopping({ patience, minimumDelta = 0 }: EarlyStoppingOptions): Callback {
  requirePositiveInteger("stop early", "patience", patience);
  requireNumber("stop early", "minimumDelta", minimumDelta, { minimum: 0 });
  let best = -Infinity;
  let bestEpoch = 0;
  let snapshot: Snapshot | undefined;
  return {
    kind: "callback",
    name: "earlyStopping",
    begin: () => {
      best = -Infinity;
      bestEpoch = 0;
    },
    epoch: ({ epoch, training, validation }, { model, stop }) => {
      const { bound, objective } = validation ?? training;
      const value = bound?.nats ?? objective;
      if (value > best + minimumDelta) {
        best = value;
        bestEpoch = epoch;
        snapshot?.dispose();
        snapshot = takeSnapshot(model.parameters);
      } else if (epoch - bestEpoch >= patience) {
        stop("early stopping");
      }
    },
    end: () => {
      snapshot?.restore();
      snapshot?.dispose();
      snapshot = undefined;
    },
  };
}
