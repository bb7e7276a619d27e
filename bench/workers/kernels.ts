/**
 * Counts and times the kernels of the TensorFlow.js backend that runs, through its public registry.
 *
 * @module
 */
import type { tf as TensorFlow } from "../../core/tf.ts";
import type { KernelTime } from "../protocol.ts";

/** Kernels under watch. */
export interface KernelWatch {
  /** Forgets what it saw. */
  readonly reset: () => void;
  /** Puts the kernels back as they were. */
  readonly stop: () => void;
  /** What it saw, the longest first. */
  readonly perStep: (steps: number) => KernelTime[];
}

/**
 * Puts a stopwatch around every kernel of the backend. A kernel that another one calls belongs to
 * that one. Where kernels only queue work, as on a GPU, the times say nothing.
 */
export function watchKernels(tf: typeof TensorFlow): KernelWatch {
  const seen = new Map<string, { launches: number; milliseconds: number }>();
  const kernels = tf.getKernelsForBackend(tf.getBackend());
  let inside = false;

  function replaceAll(change: (kernel: TensorFlow.KernelConfig) => TensorFlow.KernelConfig): void {
    for (const kernel of kernels) {
      tf.unregisterKernel(kernel.kernelName, kernel.backendName);
      tf.registerKernel(change(kernel));
    }
  }

  replaceAll((kernel) => ({
    ...kernel,
    kernelFunc: (call) => {
      if (inside) return kernel.kernelFunc(call);
      inside = true;
      const begun = performance.now();
      try {
        return kernel.kernelFunc(call);
      } finally {
        inside = false;
        const { launches, milliseconds } = seen.get(kernel.kernelName) ??
          { launches: 0, milliseconds: 0 };
        seen.set(kernel.kernelName, {
          launches: launches + 1,
          milliseconds: milliseconds + performance.now() - begun,
        });
      }
    },
  }));

  return {
    reset: () => seen.clear(),
    stop: () => replaceAll((kernel) => kernel),
    perStep: (steps) =>
      [...seen].map(([name, { launches, milliseconds }]) => ({
        name,
        launches: launches / steps,
        milliseconds: milliseconds / steps,
      })).sort((a, b) => b.milliseconds - a.milliseconds),
  };
}
