/**
 * Standard normal noise, computed in place from the words of a seed.
 *
 * @module
 */
import type { Shape } from "../../../types.ts";
import { elementsOf, kernel, type WasmKernel } from "../kernel.ts";

/** Numbers below which noise is not worth a second thread. */
const GRAIN = 4_000;

/** The noise of a key. */
export const normalNoise: WasmKernel = kernel<
  unknown,
  { readonly shape: Shape; readonly key: readonly [number, number] }
>("ElboNormalNoise", ({ attributes: { shape, key }, runtime }) => {
  const noise = runtime.output(shape), start = runtime.address(noise);
  // A key is two words, and the kernel takes signed ones.
  const [key0, key1] = key.map((word) => word | 0) as [number, number];
  runtime.inParts("normalNoise", elementsOf(noise), GRAIN, (from, to) => {
    return [start + 4 * from, to - from, key0, key1, from];
  });
  return noise;
});
