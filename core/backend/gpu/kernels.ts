/**
 * What the kernels of both GPU backends share: how they are registered, and how they see a tensor.
 *
 * @module
 */
import { tf } from "../../deps.ts";
import type { Shape } from "../../types.ts";

/** What a kernel answers. */
export type KernelAnswer = tf.TensorInfo | tf.TensorInfo[];

/** A call of a kernel, on a backend that tells what its programs run on. */
export interface KernelCall<Inputs, Attributes, Backend> {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly backend: Backend;
}

/** A kernel of ours. */
export interface GpuKernel<Backend> {
  /** Its name in TensorFlow.js's registry. */
  readonly name: string;
  readonly run: (call: KernelCall<never, never, Backend>) => KernelAnswer;
}

/** Registers kernels on a backend, but for those that it has already. */
export function registerKernels<Backend>(
  backendName: string,
  kernels: readonly GpuKernel<Backend>[],
): void {
  for (const { name: kernelName, run } of kernels) {
    if (tf.getKernel(kernelName, backendName) !== undefined) continue;
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        run({
          inputs: inputs as never,
          attributes: attrs as never,
          backend: backend as Backend,
        }),
    });
  }
}

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

/** The axes before those of the event, and a tensor as rows of one event each. */
export function rowsOf(shape: Shape, event: Shape): {
  readonly leading: number[];
  readonly rows: number;
  readonly columns: number;
} {
  const leading = shape.slice(0, shape.length - event.length);
  return { leading, rows: sizeOf(leading), columns: sizeOf(event) };
}
