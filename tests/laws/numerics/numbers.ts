/**
 * Tensors as numbers on the host, and as lists by element.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import { type Shape, sizeOf, type Tensor } from "../../../core/types.ts";

/** The numbers of a tensor, as a copy that outlives it. */
export function numbers(tensor: Tensor): Float32Array {
  return Float32Array.from(tensor.dataSync());
}

/** The sum of a tensor's numbers, added up in float64. */
export function total(tensor: Tensor): number {
  return (tensor.dataSync() as Float32Array).reduce((sum, value) => sum + value, 0);
}

/** For each element of `[n, …]` its n numbers. */
export function columns(tensor: Tensor): readonly Float64Array[] {
  const rows = tensor.shape[0]!, width = sizeOf(tensor.shape.slice(1)), data = tensor.dataSync();
  return Array.from(
    { length: width },
    (_, column) => Float64Array.from({ length: rows }, (_, row) => data[row * width + column]!),
  );
}

/** A tensor `[n, …shape]` out of n numbers for each element. */
export function fromColumns(lists: readonly ArrayLike<number>[], shape: Shape): Tensor {
  const rows = lists[0]!.length, width = lists.length;
  const data = new Float32Array(rows * width);
  lists.forEach((list, column) => {
    for (let row = 0; row < rows; row++) data[row * width + column] = list[row]!;
  });
  return tf.tensor(data, [rows, ...shape]);
}

/** The middle of some numbers, and how wide they lie: the range of the middle half, as σ. */
export function centerOf(values: ArrayLike<number>): { center: number; spread: number } {
  const sorted = Float64Array.from(values).sort(),
    at = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))]!;
  const center = at(0.5), spread = (at(0.75) - at(0.25)) / 1.349;
  return { center, spread: spread > 0 ? spread : Math.max(Math.abs(center) * 0.1, 0.1) };
}
