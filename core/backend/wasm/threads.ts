/**
 * Threads for Elbo's own kernels: whether there can be any here, and how they start.
 *
 * @module
 */
import { outOfRange, requirePositiveInteger } from "../../errors.ts";
import type { Blas } from "./blas.ts";
import { MOST_THREADS } from "./control.ts";
import type { LoadedKernels } from "./kernels.ts";
import { Pool, type Threads } from "./pool.ts";
import { type Launch, launchWorker } from "./worker.ts";

/** How long a part may at least take before its worker is given up. */
const PATIENCE_MILLISECONDS = 10_000;

/** Options of {@linkcode startThreads}. */
export interface ThreadsOptions {
  /** What computes products as well, where several threads may call it at once. */
  readonly blas?: Blas | undefined;
  /** What launches a worker. */
  readonly launch?: Launch;
  /** How long a part may at least take before its worker is given up, in milliseconds. */
  readonly patience?: number;
}

/** Why threads cannot start here, if they cannot. */
export function threadsObstacle(): string | undefined {
  const { crossOriginIsolated, navigator } = globalThis as {
    crossOriginIsolated?: boolean;
    navigator?: { readonly hardwareConcurrency?: number };
  };
  if (!("Deno" in globalThis) && "document" in globalThis && !crossOriginIsolated) {
    return "the page is not cross-origin isolated";
  }
  if (typeof SharedArrayBuffer === "undefined") return "there is no SharedArrayBuffer here";
  if ((navigator?.hardwareConcurrency ?? 2) < 2) return "there is only one core";
  return undefined;
}

/**
 * Starts threads that run Elbo's kernels, and waits until they are ready. They need no permission,
 * and none keeps a program from ending.
 *
 * @param count How many run kernels, the caller's among them.
 * @param loaded The kernels, on the heap.
 * @param heap The heap, which must be shared.
 * @throws {Error} If they cannot start; the message says why.
 */
export async function startThreads(
  count: number,
  loaded: LoadedKernels,
  heap: WebAssembly.Memory,
  { blas, launch = launchWorker, patience = PATIENCE_MILLISECONDS }: ThreadsOptions = {},
): Promise<Threads> {
  requirePositiveInteger("start threads", "count", count);
  if (count > MOST_THREADS) {
    throw outOfRange("start threads", `'count' must be at most ${MOST_THREADS}`, count);
  }
  const obstacle = count === 1 ? undefined : threadsObstacle();
  if (obstacle !== undefined) {
    throw new Error(`Cannot start ${count} threads as they must be possible here: ${obstacle}`);
  }
  if (count > 1 && !(heap.buffer instanceof SharedArrayBuffer)) {
    throw new Error(`Cannot start ${count} threads as the heap must be shared: it is not`);
  }
  const pool = new Pool(loaded, count, patience, blas);
  const starts = Array.from(
    { length: count - 1 },
    (_, index) => pool.add(launch, index + 1, loaded, heap),
  );
  const failed = (await Promise.allSettled(starts)).find(({ status }) => status === "rejected");
  if (failed === undefined) return pool;
  await pool.stop();
  const reason = (failed as PromiseRejectedResult).reason as Error;
  throw new Error(`Cannot start ${count} threads as each must be ready: ${reason.message}`);
}
