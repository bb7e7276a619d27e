/**
 * Rows over and over again.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";

/**
 * `[B, …]` repeated along the batch: `[times·B, …]`, all rows, then all of them again.
 *
 * @param value Rows.
 * @param times How often; 1 returns the tensor itself.
 */
export function repeatRows(value: Tensor, times: number): Tensor {
  return times === 1 ? value : tf.tile(value, [times, ...value.shape.slice(1).map(() => 1)]);
}
