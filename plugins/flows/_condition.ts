/**
 * What the networks of flows see beside the elements of an event.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import { wrongType } from "../../core/errors.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import type { Scope } from "../../core/scope.ts";
import { sizeOf, type Tensor } from "../../core/types.ts";

/** The number of elements in the condition of a scope: 0 where it has none. */
export function conditionSize({ condition }: Scope): number {
  return condition === undefined ? 0 : sizeOf(condition);
}

/** Rows `[N, K]` with the condition beside them `[N, K + C]`, where the scope has one. */
export function withCondition(scope: Scope, rows: Tensor, { condition }: Context): Tensor {
  if (scope.condition === undefined) return rows;
  if (condition === undefined) {
    throw wrongType("run flow", "there must be a condition", "missing");
  }
  return tf.concat([rows, inShape(condition, [rows.shape[0]!, -1])], 1);
}
