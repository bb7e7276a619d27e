/**
 * The same number at every step.
 *
 * @module
 */
import { requireNumber } from "../../core/errors.ts";
import type { Schedule } from "../../core/schedule.ts";

/**
 * A schedule that never changes.
 *
 * @param options The number.
 * @throws {RangeError} If it is not finite.
 *
 * @example
 * ```ts
 * import { schedules } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(schedules.constant({ value: 2 }).at({ step: 9, epoch: 0 }), 2);
 * ```
 */
export function constant({ value }: { readonly value: number }): Schedule {
  requireNumber("build schedule", "value", value);
  return { kind: "schedule", name: "constant", options: { value }, at: () => value };
}
