/**
 * from + (to − from) · min(1, step / steps).
 *
 * @module
 */
import { requireNumber, requirePositiveInteger } from "../../core/errors.ts";
import type { Schedule } from "../../core/schedule.ts";

/** Options of {@linkcode linear}. */
export interface LinearOptions {
  /** The number at step 0. */
  readonly from: number;
  /** The number from step `steps` on. */
  readonly to: number;
  /** How many steps it takes. */
  readonly steps: number;
}

/**
 * A straight line from one number to another, and then level: a warm-up.
 *
 * @param options Both ends and the number of steps between them.
 * @throws {RangeError} If an end is not finite, or the number of steps not a positive integer.
 *
 * @example
 * ```ts
 * import { schedules } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const warmUp = schedules.linear({ from: 0, to: 1, steps: 100 });
 * assert.equal(warmUp.at({ step: 25, epoch: 0 }), 0.25);
 * assert.equal(warmUp.at({ step: 500, epoch: 3 }), 1);
 * ```
 */
export function linear({ from, to, steps }: LinearOptions): Schedule {
  requireNumber("build schedule", "from", from);
  requireNumber("build schedule", "to", to);
  requirePositiveInteger("build schedule", "steps", steps);
  return {
    kind: "schedule",
    name: "linear",
    options: { from, to, steps },
    at: ({ step }) => step >= steps ? to : from + (to - from) * (step / steps),
  };
}
