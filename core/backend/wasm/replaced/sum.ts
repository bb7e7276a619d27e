/**
 * Sums and means over the first or the last axes, whose error hardly grows with the count: stock
 * ones add one number after the other in float32.
 *
 * @module
 */
import { tf } from "../../../deps.ts";
import {
  elementsOf,
  kernel,
  type KernelAnswer,
  type KernelCall,
  type WasmKernel,
} from "../kernel.ts";

/** Elements below which a sum is not worth a second thread. */
const GRAIN = 20_000;

interface Attributes {
  readonly axis: number | readonly number[] | null | undefined;
  readonly keepDims: boolean;
}

const product = (shape: readonly number[]): number => shape.reduce((size, axis) => size * axis, 1);

/** The sum, times a factor; nothing where the axes are neither the first nor the last. */
function sumTimes(
  { inputs: { x }, attributes: { axis, keepDims }, runtime }: KernelCall<
    { readonly x: tf.TensorInfo },
    Attributes
  >,
  factorOf: (count: number) => number,
): KernelAnswer | undefined {
  const rank = x.shape.length;
  const axes = tf.util.parseAxisParam((axis ?? null) as number[], x.shape).sort((a, b) => a - b);
  const first = axes.every((axis, i) => axis === i);
  const last = axes.every((axis, i) => axis === rank - axes.length + i);
  if (x.dtype !== "float32" || axes.length === 0 || !(first || last)) return undefined;
  const kept = x.shape.filter((_, i) => !axes.includes(i));
  const size = product(kept), count = product(axes.map((i) => x.shape[i]!));
  const shape = keepDims ? x.shape.map((axis, i) => axes.includes(i) ? 1 : axis) : kept;
  const y = runtime.output(shape);
  const [from, to] = [x, y].map(runtime.address) as [number, number];
  if (last) {
    runtime.inParts("sumRows", size, 1 + GRAIN / count, (r0, r1) => [
      from + 4 * r0 * count,
      r1 - r0,
      count,
      to + 4 * r0,
    ]);
  } else {
    runtime.inParts("sumColumns", size, 1 + GRAIN / count, (c0, c1) => [
      from,
      count,
      size,
      c0,
      c1,
      to,
    ]);
  }
  const factor = factorOf(count);
  if (factor !== 1) {
    const sums = runtime.view(to, elementsOf(y));
    for (let i = 0; i < sums.length; i++) sums[i]! *= factor;
  }
  return y;
}

/** `tf.sum`. */
export const sum: WasmKernel = kernel<{ readonly x: tf.TensorInfo }, Attributes>(
  "Sum",
  (call) => sumTimes(call, () => 1) ?? call.stock(),
);

/** `tf.mean`. */
export const mean: WasmKernel = kernel<{ readonly x: tf.TensorInfo }, Attributes>(
  "Mean",
  (call) => sumTimes(call, (count) => 1 / count) ?? call.stock(),
);
