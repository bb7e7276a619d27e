/**
 * Ends a run that has stopped improving, and puts the best parameters back.
 *
 * @module
 */
import { type Callback, scoreOf } from "../../core/callback.ts";
import { requireNumber, requirePositiveInteger } from "../../core/errors.ts";
import { type Snapshot, takeSnapshot } from "../../core/scope.ts";
import { isCount, numbersIn } from "./_state.ts";

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
    epoch: (report, { model, stop }) => {
      const { epoch } = report, score = scoreOf(report);
      if (score > best + minimumDelta) {
        best = score;
        bestEpoch = epoch;
        if (snapshot === undefined) snapshot = takeSnapshot(model.parameters);
        else snapshot.renew();
      } else if (epoch - bestEpoch >= patience) {
        stop("early stopping");
      }
    },
    end: () => {
      snapshot?.restore();
      snapshot?.dispose();
      snapshot = undefined;
    },
    state: () => ({ best, bestEpoch }),
    tensors: () => snapshot?.values ?? new Map(),
    restore: (state, { model }, tensors) => {
      const isValid = (value: number, name: string): boolean =>
        name === "best" ? value < Infinity : isCount(value);
      const remembered = numbersIn("earlyStopping", state, ["best", "bestEpoch"], isValid);
      ({ best, bestEpoch } = remembered);
      if (tensors.size > 0) snapshot = takeSnapshot(model.parameters, tensors);
    },
  };
}
