/**
 * A kernel of the wasm backend that is ours: for an operation of our own, or in the place of one of
 * TensorFlow.js's.
 *
 * @module
 */
import { tf } from "../../deps.ts";
import { wrongType } from "../../errors.ts";
import type { WasmRuntime } from "./runtime.ts";

/** What a kernel answers. */
export type KernelAnswer = tf.TensorInfo | tf.TensorInfo[];

/** A call of a kernel. */
export interface KernelCall<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly runtime: WasmRuntime;
  /** Hands the call on to the kernel of TensorFlow.js that this one replaces. */
  readonly stock: () => KernelAnswer;
}

/** A kernel of ours. */
export interface WasmKernel {
  /** Its name in TensorFlow.js's registry. */
  readonly name: string;
  readonly run: (call: KernelCall<never, never>) => KernelAnswer;
}

/** A kernel with the types of its inputs and attributes. */
export function kernel<Inputs, Attributes>(
  name: string,
  run: (call: KernelCall<Inputs, Attributes>) => KernelAnswer,
): WasmKernel {
  return { name, run };
}

/** The kernels of TensorFlow.js that ours replace, kept for what ours do not do. */
const stockKernels = new Map<string, tf.KernelConfig>();

/** Registers kernels on the wasm backend, in the place of those that bear their names. */
export function registerKernels(kernels: readonly WasmKernel[], runtime: WasmRuntime): void {
  for (const { name, run } of kernels) {
    const registered = tf.getKernel(name, "wasm");
    if (registered !== undefined) {
      if (!stockKernels.has(name)) stockKernels.set(name, registered);
      tf.unregisterKernel(name, "wasm");
    }
    const stock = stockKernels.get(name);
    tf.registerKernel({
      ...stock,
      kernelName: name,
      backendName: "wasm",
      kernelFunc: (given) => {
        const call = {
          inputs: given.inputs as never,
          attributes: given.attrs as never,
          runtime,
          stock: () => {
            if (stock !== undefined) return stock.kernelFunc(given);
            const types = Object.values(given.inputs).map((input) => input?.dtype);
            const found = [...types, given.attrs?.["dataFormat"] ?? "NHWC"];
            const requirement = "its tensors must be of float32, with channels last";
            throw wrongType(`run '${name}' on wasm`, requirement, found);
          },
        };
        // A backend that was started anew has not been given our kernels yet.
        return given.backend === runtime.backend || stock === undefined ? run(call) : call.stock();
      },
    });
  }
}

/** The number of elements of a tensor. */
export function elementsOf({ shape }: tf.TensorInfo): number {
  return shape.reduce((product, axis) => product * axis, 1);
}
