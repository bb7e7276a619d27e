/**
 * from + (to − from) / (1 + exp(−(step − midpoint) / width)).
 *
 * Bowman et al., "Generating sentences from a continuous space", arXiv:1511.06349, §3.1.
 *
 * @module
 */
import { requireNumber } from "../../core/errors.ts";
import type { Schedule } from "../../core/schedule.ts";

/** Options of {@linkcode sigmoid}. */
export interface SigmoidOptions {
  /** What the number comes from, long before the midpoint. */
  readonly from: number;
  /** What the number goes to, long after the midpoint. */
  readonly to: number;
  /** The step at which it is half-way. */
  readonly midpoint: number;
  /** How slowly it changes, in steps: 73 % of the way are done this long after the midpoint. */
  readonly width: number;
}

/**
 * A smooth step from one number to another. Neither end is ever reached, up to rounding.
 *
 * @param options Both ends, the midpoint, and the width.
 * @throws {RangeError} If an end or the midpoint is not finite, or the width not positive.
 *
 * @example
 * ```ts
 * import { schedules } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const warmUp = schedules.sigmoid({ from: 0, to: 1, midpoint: 1000, width: 100 });
 * assert.equal(warmUp.at({ step: 1000, epoch: 0 }), 0.5);
 * assert(warmUp.at({ step: 0, epoch: 0 }) < 1e-4);
 * ```
 */
export function sigmoid({ from, to, midpoint, width }: SigmoidOptions): Schedule {
  requireNumber("build schedule", "from", from);
  requireNumber("build schedule", "to", to);
  requireNumber("build schedule", "midpoint", midpoint);
  requireNumber("build schedule", "width", width, { minimum: 0, open: true });
  return {
    kind: "schedule",
    name: "sigmoid",
    options: { from, to, midpoint, width },
    at: ({ step }) => from + (to - from) / (1 + Math.exp((midpoint - step) / width)),
  };
}
