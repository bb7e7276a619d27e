/**
 * Some rows of numbers in memory, next to each other in a tensor: written where it lies, on a backend
 * that has a kernel for it.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { type Shape, sizeOf, type Tensor } from "../types.ts";
import { hasKernel, launch } from "./operation.ts";

/** The name of its kernel. */
export const TAKE_ROWS = "ElboTakeRows";

/** What is taken: rows of this shape, by their numbers. */
export interface TakenRows {
  readonly values: Float32Array;
  readonly shape: Shape;
  readonly indices: ArrayLike<number>;
}

/** Copies them to where there is room. */
export function copyRows({ values, shape, indices }: TakenRows, to: Float32Array): void {
  const width = sizeOf(shape);
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i]! * width;
    to.set(values.subarray(start, start + width), i * width);
  }
}

/** Copies them into an array of their own. */
export function gatherRows(rows: TakenRows): Float32Array {
  const gathered = new Float32Array(rows.indices.length * sizeOf(rows.shape));
  copyRows(rows, gathered);
  return gathered;
}

/** Copies them into a tensor `[rows, …D]`. */
export function takeRows(rows: TakenRows): Tensor {
  if (hasKernel(TAKE_ROWS)) return launch(TAKE_ROWS, {}, rows);
  return tf.tensor(gatherRows(rows), [rows.indices.length, ...rows.shape]);
}
