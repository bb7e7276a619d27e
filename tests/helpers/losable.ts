/**
 * A backend like a GPU's, whose device can be lost in every way that is known, where there is no GPU.
 *
 * @module
 */
import { watchDevice } from "../../core/backend/device.ts";
import { tf } from "../../core/deps.ts";

const NAME = "losable";

type Read = (dataId: object) => Promise<Float32Array>;

/** What cpu's backend is, and what the others have beside it. */
interface Backend extends tf.KernelBackend {
  read: Read;
  readSync: (dataId: object) => Float32Array;
}

/** What the device is like. */
export interface Manner {
  /**
   * Whose it is: a read that a lost one of webgpu does not answer is aborted.
   * @default "webgl"
   */
  readonly of?: "webgl" | "webgpu";
  /** Whether its floats have 16 bits, as those of some phones do. */
  readonly halfFloats?: boolean;
}

/** The nearest float of 16 bits, if it is a normal one. */
function toHalf(value: number): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10);
  return value === 0 ? 0 : Math.round(value / unit) * unit;
}

/** How a device is lost. */
export interface Loss {
  /** Whether it says so. */
  readonly said: boolean;
  /** What is read from then on: these numbers, or nothing ever. */
  readonly answers?: number;
}

/** A device in use. */
export interface Losable {
  /** Loses it. */
  readonly lose: (loss: Loss) => void;
}

/** Computes from here on as cpu does, on a device that can be lost. */
export async function useLosable(manner: Manner = {}): Promise<Losable> {
  const { of = "webgl", halfFloats = false } = manner;
  const backend = await tf.findBackendFactory("cpu")!() as Backend;
  const { read, readSync } = backend;
  const canvas = new EventTarget();
  const { promise: lost, resolve: sayLost } = Promise.withResolvers<void>();
  let loss: Loss | undefined;
  const gl = { canvas, isContextLost: () => loss?.said ?? false };
  Object.assign(
    backend,
    of === "webgl"
      ? { runWebGLProgram: () => {}, gpgpu: { gl, itemsToPoll: [] } }
      : { ensureCommandEncoderReady: () => {}, uploadToGPU: () => {}, device: { lost } },
  );
  Object.assign(backend, {
    firstUse: false,
    read: async (dataId: object) => {
      const values = await read.call(backend, dataId);
      if (loss === undefined) return halfFloats ? values.map(toHalf) : values;
      if (loss.answers === undefined && of === "webgpu") {
        throw new DOMException("The buffer is no more", "AbortError");
      }
      if (loss.answers === undefined) return await new Promise(() => {});
      return values.map(() => loss!.answers!);
    },
    readSync: (dataId: object) => readSync.call(backend, dataId),
  });
  if (tf.findBackendFactory(NAME) === null) {
    for (const kernel of tf.getKernelsForBackend("cpu")) {
      tf.registerKernel({ ...kernel, backendName: NAME });
    }
  } else tf.removeBackend(NAME);
  tf.registerBackend(NAME, () => backend);
  await tf.setBackend(NAME);
  watchDevice();
  return {
    lose: (how) => {
      loss = how;
      if (!how.said) return;
      canvas.dispatchEvent(new Event("webglcontextlost"));
      sayLost();
    },
  };
}
