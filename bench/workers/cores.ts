/**
 * A worker that multiplies matrices on one core, to see whether there are two.
 *
 * @module
 */
import { loadKernels } from "../../core/backend/wasm/load_kernels.ts";
import { serve } from "./serve.ts";

const SIZE = 192, BYTES = 4 * SIZE * SIZE;

await serve(async () => {
  const heap = new WebAssembly.Memory({ initial: 64 });
  const { kernels } = await loadKernels(heap);
  const product = [SIZE, 0, SIZE, SIZE, BYTES, SIZE, 0, 2 * BYTES, SIZE, 0, 3 * BYTES] as const;
  return {
    run: (steps, { begin, end }) => {
      begin();
      for (let step = 0; step < steps; step++) kernels.gemm(...product, SIZE, 0, 0, 4 * BYTES);
      end();
      return Promise.resolve();
    },
  };
});
