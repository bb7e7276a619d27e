/**
 * TensorFlow.js's cast, after which numbers of float32 are stored as such.
 *
 * Its own shares the memory of whole numbers and calls them float32; some programs, such as those that
 * move axes, then take their bits for those of floats, and all of ours would.
 *
 * @module
 */
import { tf } from "../../../deps.ts";

const NAME = "Cast";

/** What this file asks of the backend. */
interface Stored {
  /** The type of what lies in memory, whatever a tensor calls it. */
  readonly tensorMap: { get(dataId: object): { readonly dtype: string } };
  disposeData(dataId: object): boolean;
}

let replaced = false;

/** Puts the cast in the place of TensorFlow.js's. */
export function replaceCast(): void {
  const shared = tf.getKernel(NAME, "webgpu")?.kernelFunc;
  if (replaced || shared === undefined) return;
  tf.unregisterKernel(NAME, "webgpu");
  tf.registerKernel({
    kernelName: NAME,
    backendName: "webgpu",
    kernelFunc: (call) => {
      const answer = shared(call) as tf.TensorInfo, backend = call.backend as Stored;
      const { dtype } = backend.tensorMap.get(answer.dataId);
      if (answer.dtype !== "float32" || dtype === "float32") return answer;
      const multiply = tf.getKernel("Multiply", "webgpu")!.kernelFunc;
      const one = tf.scalar(1);
      const product = multiply({
        ...call,
        inputs: { a: answer, b: one } as unknown as typeof call.inputs,
      });
      one.dispose();
      backend.disposeData(answer.dataId);
      return product;
    },
  });
  replaced = true;
}
