/**
 * Whether the device of a GPU backend is still there.
 *
 * A lost device goes on answering, with zeros or with what its memory held before, or never; and a
 * browser may give it back, empty. So a backend whose device was lost once is closed for good: it
 * launches nothing and reads nothing, and says why.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { DeviceLostError } from "./device_lost_error.ts";

/** What this file asks of the backends of webgl and webgpu. */
interface GpuBackend {
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
  /** The launches of webgl. */
  runWebGLProgram?(...given: unknown[]): unknown;
  /** What comes before every launch of webgpu, and before that of numbers from the host. */
  ensureCommandEncoderReady?(): void;
  uploadToGPU?(dataId: object): void;
  readonly gpgpu?: {
    readonly gl: { readonly canvas: EventTarget; isContextLost(): boolean };
    /** Those who wait for the device. */
    itemsToPoll: unknown[];
    outputTexture: unknown;
  };
  readonly device?: { readonly lost: Promise<unknown> };
}

/** The device of one backend. */
interface Device {
  /** Whether it was lost. */
  readonly isLost: () => boolean;
  /** Takes it for lost. */
  readonly lose: () => void;
  /** Gives word of its loss time to come, where an error may come from it. */
  readonly settle: () => Promise<void>;
}

/** Milliseconds in which a lost device of webgpu says so. */
const NOTICE = 200;

const devices = new WeakMap<object, Device>();

/** Watches the device of a backend. */
function open(name: string, backend: GpuBackend): Device {
  const { gpgpu, device } = backend;
  /** Those who wait for numbers. */
  const waiting = new Set<(error: unknown) => void>();
  let lost = false;

  const error = (): DeviceLostError => new DeviceLostError("compute", { backend: name });

  function lose(): void {
    if (lost) return;
    lost = true;
    for (const reject of waiting) reject(error());
    waiting.clear();
    if (gpgpu === undefined) return;
    gpgpu.itemsToPoll = []; // They would be asked for ever.
    gpgpu.outputTexture = null;
  }

  function isLost(): boolean {
    if (gpgpu?.gl.isContextLost()) lose();
    return lost;
  }

  function requireDevice(): void {
    if (isLost()) throw error();
  }

  /** The same function, for as long as there is a device. */
  function guarded<A extends unknown[], R>(run: (...given: A) => R): (...given: A) => R {
    return (...given) => {
      requireDevice();
      try {
        return run.apply(backend, given);
      } finally {
        requireDevice(); // What it answered, or the reason that it failed.
      }
    };
  }

  /** Until it is known whether an error is that of a lost device, whose own word may be late. */
  async function settle(): Promise<void> {
    if (device === undefined || isLost()) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([
      device.lost.then(lose),
      new Promise<void>((resolve) => timer = setTimeout(resolve, NOTICE)),
    ]);
    clearTimeout(timer);
  }

  const { read } = backend;
  backend.read = (dataId) =>
    new Promise((resolve, reject) => {
      requireDevice();
      waiting.add(reject);
      read.call(backend, dataId)
        .then((values) => {
          requireDevice();
          resolve(values);
        })
        .catch(async (failure) => {
          // So ends what is read from a buffer that is no more; nobody lets go of one that is read.
          if (device !== undefined && failure?.name === "AbortError") lose();
          await settle();
          reject(isLost() ? error() : failure);
        })
        .finally(() => waiting.delete(reject));
    });
  backend.readSync = guarded(backend.readSync);
  if (gpgpu !== undefined) {
    backend.runWebGLProgram = guarded(backend.runWebGLProgram!);
    gpgpu.gl.canvas.addEventListener("webglcontextlost", lose);
  }
  if (device !== undefined) {
    backend.ensureCommandEncoderReady = guarded(backend.ensureCommandEncoderReady!);
    backend.uploadToGPU = guarded(backend.uploadToGPU!);
    void device.lost.then(lose);
  }
  return { isLost, lose, settle };
}

/** Watches the device of the backend in use, if it has one. */
export function watchDevice(): void {
  const backend = tf.backend() as unknown as GpuBackend;
  if (devices.has(backend) || !(backend.gpgpu || backend.device)) return;
  devices.set(backend, open(tf.getBackend(), backend));
}

/** Whether a backend has lost its device. */
export function isLost(backend: object): boolean {
  return devices.get(backend)?.isLost() ?? false;
}

/**
 * The loss of a device, if that is what an error comes from.
 *
 * @param action What was attempted.
 * @param error What was thrown.
 * @param known What is known of a run.
 * @returns The loss, or else the error.
 */
export async function lossBehind(
  action: string,
  error: unknown,
  known: { readonly step?: number; readonly checkpoint?: string | undefined } = {},
): Promise<unknown> {
  const cause = error instanceof Error && error.cause instanceof DeviceLostError
    ? error.cause
    : error;
  if (cause instanceof DeviceLostError) {
    return new DeviceLostError(action, { backend: cause.backend, ...known }, error);
  }
  // A launch may end in a browser's own words before the device has said that it is lost.
  if (error instanceof DOMException) await devices.get(tf.backend())?.settle();
  if (!isLost(tf.backend())) return error;
  return new DeviceLostError(action, { backend: tf.getBackend(), ...known }, error);
}

let question = 0;

/**
 * Throws unless the device of the backend in use still computes, as what was read from it may be what
 * a lost one answers. Where there is no GPU it does nothing.
 */
export async function requireDevice(): Promise<void> {
  const device = devices.get(tf.backend());
  if (device === undefined) return;
  // Another one each time, as its memory may hold the answer; half floats have all up to 2048.
  question = question % 2 ** 11 + 1;
  const answer = tf.fill([32, 32], question);
  try {
    const numbers = await answer.data();
    if (!numbers.every((number) => number === question)) device.lose();
    if (device.isLost()) throw new DeviceLostError("compute", { backend: tf.getBackend() });
  } finally {
    answer.dispose();
  }
}
