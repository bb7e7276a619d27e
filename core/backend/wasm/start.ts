/**
 * The wasm backend with Elbo's own kernels: on threads where they can start, and with the system's
 * BLAS where a program may load libraries.
 *
 * @module
 */
import { tf } from "../../deps.ts";
import type { WasmBackend } from "./backend.ts";
import { type Blas, openBlas } from "./blas.ts";
import type { LoadedKernels } from "./kernels.ts";
import { loadKernels } from "./load_kernels.ts";
import { registerAll } from "./register.ts";
import { openRoom, type Room } from "./room.ts";
import { openRuntime, type WasmRuntime } from "./runtime.ts";
import { heapOf, startOnSharedHeap } from "./shared_heap.ts";
import type { Threads } from "./pool.ts";
import { startThreads, threadsObstacle } from "./threads.ts";

/** What the wasm backend runs with. */
export interface WasmReport {
  /** The number of threads. */
  readonly threads: number;
  /** Why there is only one thread, where more were wanted. */
  readonly threadsReason?: string;
  /** Whether products use the fused multiply-add of relaxed SIMD. */
  readonly relaxedSimd: boolean;
  /** The library that computes matrix products, where there is a faster one than ours. */
  readonly blas?: string;
  /** Why there is no such library. */
  readonly blasReason?: string;
}

/** More threads than this share too little work, unless told otherwise. */
const DEFAULT_MOST_THREADS = 8;

/** Why the wasm backend has no heap that threads share, where it has none. */
let heapObstacle: string | undefined;

/** Registers the backend on a shared heap where that is possible: before `tf.setBackend`. */
export async function prepareHeap(): Promise<void> {
  heapObstacle = undefined;
  try {
    await startOnSharedHeap();
  } catch (error) {
    heapObstacle = (error as Error).message;
  }
}

/** What was opened on one backend. */
interface Opened {
  readonly loaded: LoadedKernels;
  readonly room: Room;
  /** A library for products that is faster than ours, or why there is none. */
  blas: Blas | string;
  threads: Threads | undefined;
  threadsReason: string | undefined;
}

const opened = new WeakMap<tf.KernelBackend, Opened>();

/** As many as there are cores; Node 20 has no `navigator` that would say it. */
function coresHere(): number {
  const { navigator, process } = globalThis as {
    navigator?: { hardwareConcurrency?: number };
    process?: { getBuiltinModule?(name: "node:os"): { availableParallelism(): number } };
  };
  const cores = navigator?.hardwareConcurrency ??
    process?.getBuiltinModule?.("node:os").availableParallelism();
  return Math.min(DEFAULT_MOST_THREADS, cores ?? 1);
}

/** Starts or stops threads until there are as many as wanted. */
async function takeThreads(here: Opened, wanted: number, heap: WebAssembly.Memory): Promise<void> {
  here.threadsReason = undefined;
  if ((here.threads?.count ?? 1) === wanted) return;
  await here.threads?.stop();
  here.threads = undefined;
  if (wanted === 1) return;
  const obstacle = threadsObstacle() ?? heapObstacle;
  try {
    if (obstacle !== undefined) throw new Error(obstacle);
    const blas = typeof here.blas === "string" ? undefined : here.blas;
    const start = (blas?: Blas) => startThreads(wanted, here.loaded, heap, { blas });
    // Where workers cannot load it, the caller alone computes products by it.
    here.threads = await start(blas).catch((error) => blas ? start() : Promise.reject(error));
  } catch (error) {
    here.threadsReason = (error as Error).message;
  }
}

/** Milliseconds that a runtime takes for the first product of a common step: 128 pictures, 400 units. */
function timeProduct({ multiply, scratch, view }: WasmRuntime): number {
  const [m, n, k] = [128, 400, 784];
  const a = scratch(4 * (m * k + k * n + m * n)), b = a + 4 * m * k, c = b + 4 * k * n;
  view(a, m * k + k * n).fill(0.5);
  multiply({ m, n, k, a, b, c }); // The first one packs, pages and wakes threads.
  let fastest = Infinity;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    multiply({ m, n, k, a, b, c });
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}

/**
 * Puts our kernels on the wasm backend in use.
 *
 * @param threads How many threads to run them on; as many as there are cores unless told.
 */
export async function equipWasm(threads?: number): Promise<WasmReport> {
  const backend = tf.backend() as WasmBackend, heap = heapOf(backend);
  let here = opened.get(backend), isNew = false;
  if (here === undefined) {
    const loaded = await loadKernels(heap);
    const room = openRoom(backend), blas = await openBlas(heap);
    here = { loaded, room, blas, threads: undefined, threadsReason: undefined };
    opened.set(backend, here);
    isNew = true;
    const dispose = backend.dispose.bind(backend);
    const closing = here;
    backend.dispose = () => {
      void closing.threads?.stop();
      if (typeof closing.blas !== "string") closing.blas.close();
      dispose();
    };
  }
  await takeThreads(here, threads ?? coresHere(), heap);

  const { loaded: { kernels, relaxedSimd }, room, threads: pool } = here;
  const count = pool?.count ?? 1;
  const runtimeWith = (blas?: Blas) => openRuntime(backend, kernels, room, { pool, blas });
  // Once for a backend, so that all that runs on it gets the same bits on as many threads.
  if (isNew && typeof here.blas !== "string") {
    const timeOfBlas = timeProduct(runtimeWith(here.blas)); // First, before ours look for work.
    if (timeProduct(runtimeWith()) < timeOfBlas) {
      const { name } = here.blas;
      here.blas.close();
      here.blas = `${name} is slower than our own products`;
    }
  }
  const { blas, threadsReason } = here;
  registerAll(runtimeWith(typeof blas === "string" ? undefined : blas));
  return {
    threads: count,
    ...(threadsReason === undefined ? {} : { threadsReason }),
    relaxedSimd,
    ...(typeof blas === "string" ? { blasReason: blas } : { blas: blas.name }),
  };
}
