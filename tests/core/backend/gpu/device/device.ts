/**
 * What training on a GPU backend reads back, what it keeps, and what is left when the device is lost.
 *
 * It runs in a program of its own, or in a page: it needs nothing of the tests around it.
 *
 * @module
 */
import { tf } from "../../../../../core/deps.ts";
import { type BackendName, fit, useBackend } from "../../../../../mod.ts";
import { lose, type Losses } from "./lost.ts";
import { afterStep, BATCH, type Case, CASES, FEW, STEPS } from "./models.ts";

/** What was found. */
export interface DeviceFindings extends Losses {
  /** For each model the reads in a run of 60 steps, by the step after which they were noticed. */
  readonly reads: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The same where somebody looks at every tenth step. */
  readonly looks: Readonly<Record<string, number>>;
  /** For each model the memory at three moments of a run, of 300 steps or, for a short look, 150. */
  readonly memory: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/** A class of a browser that reads from a device. */
type Readable = { readonly prototype: Record<string, (...given: unknown[]) => unknown> };

/** Counts from here on what is read from the device. */
function countReads(): { readonly count: () => number; readonly stop: () => void } {
  const [owner, name] = tf.getBackend() === "webgl"
    ? ["WebGL2RenderingContext", "readPixels"] as const
    : ["GPUBuffer", "mapAsync"] as const;
  const { prototype } = (globalThis as unknown as Record<string, Readable>)[owner]!;
  const read = prototype[name]!;
  let reads = 0;
  prototype[name] = function (this: unknown, ...given) {
    reads++;
    return read.apply(this, given);
  };
  return { count: () => reads, stop: () => void (prototype[name] = read) };
}

/** The reads of a run. */
async function readsOf(make: Case, looks = false): Promise<Record<string, number>> {
  const [model, data] = make();
  const reads: Record<string, number> = {};
  const { count, stop } = countReads();
  let before = 0;
  const note = (when: string) => {
    if (count() > before) reads[when] = count() - before;
    before = count();
  };
  const watch = afterStep(async ({ step, means }) => {
    if (looks && step % 10 === 0) await means();
    note(String(step));
  });
  await fit(model, data, { steps: STEPS, batchSize: BATCH, callbacks: [watch] });
  note("end");
  stop();
  model.dispose();
  return reads;
}

/** The memory after some number of steps, after twice and three times as many. */
async function memoryOf(make: Case, every: number): Promise<number[][]> {
  const [model, data] = make();
  const found: number[][] = [];
  const watch = afterStep(({ step }) => {
    if (step % every !== 0) return;
    const { numTensors, ...memory } = tf.memory() as unknown as Record<string, number>;
    const bytes = ["numBytesInGPU", "numBytesInGPUAllocated", "numBytesAllocatedInGPU"];
    found.push([numTensors!, ...bytes.flatMap((name) => memory[name] ?? [])]);
  });
  await fit(model, data, { steps: 3 * every, batchSize: BATCH, callbacks: [watch] });
  model.dispose();
  return found;
}

/**
 * Looks at all of it on one backend.
 *
 * @param backend The backend.
 * @param home Another one, which no device is lost of.
 * @param short Whether a few models do.
 */
export async function observeDevice(
  backend: BackendName,
  home: BackendName,
  short: boolean,
): Promise<DeviceFindings> {
  await useBackend({ backend });
  const reads: Record<string, Record<string, number>> = {};
  for (const [name, make] of Object.entries(CASES)) {
    if (!short || FEW.some((few) => few === name)) reads[name] = await readsOf(make);
  }
  const looks = await readsOf(CASES.bernoulli, true);
  const memory: Record<string, number[][]> = {};
  for (const name of short ? [FEW[0]] : [...FEW, "convolutional"] as const) {
    memory[name] = await memoryOf(CASES[name], short ? 50 : 100);
  }
  return { reads, looks, memory, ...await lose(backend, home) };
}
