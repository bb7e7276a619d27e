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
  runWebGLProgram: () => void;
  gpgpu: unknown;
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
export async function useLosable(): Promise<Losable> {
  const backend = await tf.findBackendFactory("cpu")!() as Backend;
  const { read, readSync } = backend;
  const canvas = new EventTarget();
  let loss: Loss | undefined;
  Object.assign(backend, {
    firstUse: false,
    runWebGLProgram: () => {},
    gpgpu: { gl: { canvas, isContextLost: () => loss?.said ?? false }, itemsToPoll: [] },
    read: async (dataId: object) => {
      const values = await read.call(backend, dataId);
      if (loss === undefined) return values;
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
      if (how.said) canvas.dispatchEvent(new Event("webglcontextlost"));
    },
  };
}
