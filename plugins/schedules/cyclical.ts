/**
 * from + (to − from) · min(1, τ / R) in each of M cycles, with τ = mod(step, T/M) / (T/M).
 *
 * Fu et al., "Cyclical annealing schedule: a simple approach to mitigating KL vanishing",
 * arXiv:1903.10145. Its steps are counted from 0 here.
 *
 * @module
 */
import { outOfRange, requireNumber, requirePositiveInteger } from "../../core/errors.ts";
import type { Schedule } from "../../core/schedule.ts";

/** Options of {@linkcode cyclical}. */
export interface CyclicalOptions {
  /** The number at the start of each cycle. */
  readonly from: number;
  /** The number at the end of each cycle, and from step `steps` on. */
  readonly to: number;
  /** T, how many steps all cycles take together. */
  readonly steps: number;
  /**
   * M, the number of cycles.
   * @default 4
   */
  readonly cycles?: number;
  /**
   * R, the part of each cycle in which the number changes, above 0 and at most 1.
   * @default 0.5
   */
  readonly ratio?: number;
}

/**
 * A warm-up that starts again several times: in each cycle a straight line, and then level.
 *
 * @param options Both ends, the number of steps and of cycles, and the ratio of the increase.
 * @throws {RangeError} If an end is not finite, the number of cycles not a positive integer, that
 * of steps not an integer of at least as many, or the ratio not in (0, 1].
 *
 * @example
 * ```ts
 * import { schedules } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const warmUps = schedules.cyclical({ from: 0, to: 1, steps: 400 });
 * const numbers = [0, 25, 50, 99, 100, 125, 400].map((step) => warmUps.at({ step, epoch: 0 }));
 * assert.deepEqual(numbers, [0, 0.5, 1, 1, 0, 0.5, 1]);
 * ```
 */
export function cyclical(
  { from, to, steps, cycles = 4, ratio = 0.5 }: CyclicalOptions,
): Schedule {
  const action = "build schedule";
  requireNumber(action, "from", from);
  requireNumber(action, "to", to);
  requirePositiveInteger(action, "cycles", cycles);
  requirePositiveInteger(action, "steps", steps);
  if (steps < cycles) throw outOfRange(action, `'steps' must be at least ${cycles}`, steps);
  if (!(ratio > 0 && ratio <= 1)) {
    throw outOfRange(action, "'ratio' must be above 0 and at most 1", ratio);
  }
  return {
    kind: "schedule",
    name: "cyclical",
    options: { from, to, steps, cycles, ratio },
    at: ({ step }) => {
      const part = ((step * cycles) % steps) / steps; // τ
      return step >= steps || part >= ratio ? to : from + (to - from) * (part / ratio);
    },
  };
}
