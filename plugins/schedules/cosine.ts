/**
 * from + (to − from) · ½ (1 − cos(π · min(1, step / steps))).
 *
 * Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983,
 * eq. 5, without the restarts.
 *
 * @module
 */
import { requireNumber, requirePositiveInteger } from "../../core/errors.ts";
import type { Schedule } from "../../core/schedule.ts";

/** Options of {@linkcode cosine}. */
export interface CosineOptions {
  /** The number at step 0. */
  readonly from: number;
  /** The number from step `steps` on. */
  readonly to: number;
  /** How many steps it takes. */
  readonly steps: number;
}

/**
 * Half a period of a cosine from one number to another, and then level: slow at both ends.
 *
 * @param options Both ends and the number of steps between them.
 * @throws {RangeError} If an end is not finite, or the number of steps not a positive integer.
 *
 * @example
 * ```ts
 * import { schedules } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const decay = schedules.cosine({ from: 1, to: 0, steps: 100 });
 * assert(Math.abs(decay.at({ step: 50, epoch: 0 }) - 0.5) < 1e-12);
 * assert.equal(decay.at({ step: 500, epoch: 3 }), 0);
 * ```
 */
export function cosine({ from, to, steps }: CosineOptions): Schedule {
  requireNumber("build schedule", "from", from);
  requireNumber("build schedule", "to", to);
  requirePositiveInteger("build schedule", "steps", steps);
  return {
    kind: "schedule",
    name: "cosine",
    options: { from, to, steps },
    at: ({ step }) =>
      step >= steps ? to : from + (to - from) * 0.5 * (1 - Math.cos(Math.PI * (step / steps))),
  };
}
