/**
 * Copies within the heap: one launch for all of them.
 *
 * @module
 */
import type { tf } from "../../../deps.ts";
import { COPY_INTO } from "../../../operations/copy_into.ts";
import { elementsOf, kernel, type WasmKernel } from "../kernel.ts";

/** Given a variable and a value, as often as there are any; answers nothing of use. */
export const copyInto: WasmKernel = kernel<readonly tf.Tensor[], unknown>(
  COPY_INTO,
  ({ inputs, runtime }) => {
    for (let i = 0; i < inputs.length; i += 2) {
      const [to, from] = inputs.slice(i, i + 2) as [tf.Tensor, tf.Tensor];
      const target = runtime.own(to), size = elementsOf(to);
      runtime.view(target, size).set(runtime.view(runtime.address(from), size));
    }
    return runtime.output([]);
  },
);
