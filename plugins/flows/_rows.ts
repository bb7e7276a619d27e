/**
 * Maps of rows, as networks take them, as maps of samples.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import type { Mapped } from "../../core/flow.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import { repeatRows } from "../../core/operations/repeat_rows.ts";
import { type Shape, sizeOf, type Tensor } from "../../core/types.ts";

/** What a map makes of N rows. */
export interface MappedRows {
  /** Where they are mapped to `[N, …shape]`. */
  readonly rows: Tensor;
  /** log |det J| of every row `[N]`. */
  readonly logDeterminant: Tensor;
}

/**
 * Values `[S, B, …event]`, folded into N = S·B rows of some shape, through a map of rows, to which the
 * condition comes as often as there are rows for it. One value counts for all conditions.
 */
export function overRows(
  value: Tensor,
  { training, progress, condition }: Context,
  shape: Shape,
  map: (rows: Tensor, context: Context) => MappedRows,
): Mapped {
  const [samples, batch, ...event] = value.shape as [number, number, ...number[]];
  const conditions = condition?.shape[0] ?? 1, ones = event.map(() => 1);
  const spread = batch < conditions ? tf.tile(value, [1, conditions, ...ones]) : value;
  const width = Math.max(batch, conditions), count = samples * width;
  const { rows, logDeterminant } = map(inShape(spread, [count, ...shape]), {
    training,
    progress,
    condition: condition && repeatRows(condition, count / conditions),
  });
  return {
    value: inShape(rows, [samples, width, ...event]),
    logDeterminant: inShape(logDeterminant, [samples, width]),
  };
}

/** Σ over the elements of every row: `[N, …shape]` → `[N]`. */
export function sumOfRows(elements: Tensor): Tensor {
  const [count, ...shape] = elements.shape as [number, ...number[]];
  return tf.sum(inShape(elements, [count, sizeOf(shape)]), 1);
}
