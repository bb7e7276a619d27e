/**
 * A tensor repeated along its first axis, as a batch is for several samples: whole copies, where the
 * stock kernel works out the place of every number.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { elementsOf, kernel, type WasmKernel } from "../kernel.ts";

/** `tf.tile`. */
export const tile: WasmKernel = kernel<
  { readonly x: tf.TensorInfo },
  { readonly reps: readonly number[] }
>("Tile", ({ inputs: { x }, attributes: { reps }, runtime, stock }) => {
  const [times = 1, ...others] = reps;
  if (x.dtype !== "float32" || x.shape.length === 0 || others.some((count) => count !== 1)) {
    return stock();
  }
  const y = runtime.output([x.shape[0]! * times, ...x.shape.slice(1)]);
  const size = elementsOf(x), from = runtime.address(x), to = runtime.address(y);
  const source = runtime.view(from, size), target = runtime.view(to, size * times);
  for (let i = 0; i < times; i++) target.set(source, i * size);
  return y;
});
