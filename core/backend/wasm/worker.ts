/**
 * A worker of the pool in pool.ts: what it runs, and how it is launched where we are.
 *
 * @module
 */
import type { BlasLibrary } from "./blas.ts";
import type { Layout, OUTCOME } from "./control.ts";

/** How long a worker may take to be ready. */
const START_MILLISECONDS = 10_000;

/** What a worker is given at its start: nothing that cannot be cloned. */
export interface WorkerStart {
  /** Its number, from 1; the caller is 0. */
  readonly thread: number;
  readonly module: WebAssembly.Module;
  readonly heap: WebAssembly.Memory;
  /** The functions of the module, or else of the library, in the order of their numbers. */
  readonly names: readonly string[];
  readonly blas: BlasLibrary | undefined;
  readonly control: SharedArrayBuffer;
  readonly layout: Layout;
  readonly outcome: typeof OUTCOME;
  /** How often it looks for work before it sleeps. */
  readonly looks: number;
}

/** What a worker says: nothing when it is ready, or why it cannot be. */
export interface WorkerReport {
  readonly problem?: string;
}

/**
 * What a worker does. Its source is sent to the worker, so that it uses nothing from outside.
 *
 * It returns to JavaScript after every part: the engine may keep the size of the heap for as long as
 * a function of WebAssembly runs, and would take addresses for wrong after the heap has grown.
 */
function serve(start: WorkerStart, report: (message: WorkerReport) => void): void {
  const { thread, module, heap, names, blas, control, layout, outcome, looks } = start;
  const words = new Int32Array(control);
  const numbers = new Float64Array(control);
  const characters = new Uint16Array(control);
  const kernels: ((...numbers: number[]) => unknown)[] = [];
  try {
    const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      imports[from] ??= {};
      imports[from][name] = kind === "memory" ? heap : () => {
        throw new Error(`'${name}' was called`);
      };
    }
    const { exports } = new WebAssembly.Instance(module, imports);
    const library = blas && Deno.dlopen(blas.path, blas.symbols).symbols;
    library?.openblas_set_num_threads?.(1); // Libraries may keep the number for each thread.
    for (const name of names) {
      kernels.push((exports[name] ?? library?.[name as keyof typeof library]) as () => unknown);
    }
  } catch (error) {
    return report({ problem: String(error) });
  }
  report({});

  let looked = 0;
  for (;;) {
    // In this order: tickets that are read as the last ones may have become fewer, never more.
    const ticket = Atomics.load(words, layout.next);
    const end = Atomics.load(words, layout.end);
    if (ticket === end) {
      if (++looked < looks) continue;
      Atomics.add(words, layout.sleepers, 1);
      Atomics.wait(words, layout.end, end);
      Atomics.sub(words, layout.sleepers, 1);
      looked = 0;
      continue;
    }
    looked = 0;
    if (Atomics.compareExchange(words, layout.next, ticket, (ticket + 1) | 0) !== ticket) continue;

    const slot = (ticket - words[layout.first]!) | 0;
    Atomics.store(words, layout.owners + slot, thread);
    const open = ticket << (outcome.bits + outcome.threadBits);
    const from = layout.arguments + slot * layout.longest;
    let ending: number = outcome.done;
    try {
      const given: number[] = [];
      for (let i = 0; i < words[layout.arity]!; i++) given.push(numbers[from + i]!);
      const result = kernels[words[layout.kernel]!]!(...given);
      numbers[layout.results + thread * layout.slots + slot] = result as number;
    } catch (error) {
      ending = outcome.stopped;
      const text = String((error as Error)?.message ?? error).slice(0, layout.letters - 1) + "\0";
      for (let i = 0; i < text.length; i++) {
        characters[layout.texts + thread * layout.letters + i] = text.charCodeAt(i);
      }
    }
    // Not where the caller has given this worker up and begun another run.
    const state = layout.states + slot;
    Atomics.compareExchange(words, state, open, open | (thread << outcome.bits) | ending);
    if (Atomics.load(words, layout.callerSleeps) !== 0) Atomics.notify(words, state);
  }
}

/** A worker, once it is launched. */
export interface WorkerHandle {
  /** Lets a program end while the worker runs; not before it is ready. */
  release(): void;
  /** Ends the worker, and answers when it has ended. */
  end(): Promise<void>;
}

/** What a worker tells its pool. */
export interface WorkerEvents {
  /** It is ready, or says why not. */
  ready(report: WorkerReport): void;
  /** It ended, whoever ended it. */
  ended(reason: string): void;
}

/** Launches one worker. */
export type Launch = (start: WorkerStart, events: WorkerEvents) => WorkerHandle;

/** What this file asks of node:worker_threads, which Deno has as well. */
interface NodeThreads {
  readonly Worker: new (url: URL, options: { readonly workerData: unknown }) => {
    on(event: "message", listener: (report: WorkerReport) => void): void;
    on(event: "error", listener: (error: unknown) => void): void;
    on(event: "exit", listener: () => void): void;
    unref(): void;
    terminate(): Promise<unknown>;
  };
}

/** What this file asks of a browser's Worker. */
interface WebWorker {
  onmessage: ((event: { readonly data: WorkerReport }) => void) | null;
  onerror: ((event: { readonly message?: string; preventDefault?(): void }) => void) | null;
  postMessage(start: WorkerStart): void;
  terminate(): void;
}

function nodeThreads(): NodeThreads | undefined {
  const { process } = globalThis as unknown as {
    process?: { getBuiltinModule?(name: string): NodeThreads };
  };
  return process?.getBuiltinModule?.("node:worker_threads");
}

/** In Deno and Node: theirs need no permission from source in a URL, and let a program end. */
function launchNodeThread({ Worker }: NodeThreads, start: WorkerStart, events: WorkerEvents) {
  const source = `import { parentPort, workerData } from "node:worker_threads";
(${serve})(workerData, (report) => parentPort.postMessage(report));`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const worker = new Worker(url, { workerData: start });
  worker.on("message", (report) => events.ready(report));
  worker.on("error", (error) => events.ended((error as Error)?.message ?? String(error)));
  worker.on("exit", () => events.ended("it exited"));
  return {
    release: () => worker.unref(),
    end: async () => void await worker.terminate(),
  };
}

/** In a browser. */
function launchWebWorker(start: WorkerStart, events: WorkerEvents): WorkerHandle {
  const source = `onmessage = ({ data }) => (${serve})(data, (report) => postMessage(report));`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new (globalThis as unknown as { Worker: new (url: string) => WebWorker }).Worker(
    url,
  );
  worker.onmessage = ({ data }) => {
    URL.revokeObjectURL(url);
    events.ready(data);
  };
  worker.onerror = (event) => {
    event.preventDefault?.();
    events.ended(event.message || "the page may not let it start (Content-Security-Policy)");
  };
  worker.postMessage(start);
  return {
    release: () => {},
    end: () => Promise.resolve(worker.terminate()),
  };
}

/** Launches a worker as it goes where we are. */
export const launchWorker: Launch = (start, events) => {
  const threads = nodeThreads();
  return threads === undefined
    ? launchWebWorker(start, events)
    : launchNodeThread(threads, start, events);
};

/**
 * Launches a worker, and waits until it is ready.
 *
 * @param launch What launches it.
 * @param start What it is given.
 * @param lost Hears why it ended, whenever that is.
 * @throws {Error} If it is not ready in time; the message says why.
 */
export async function startWorker(
  launch: Launch,
  start: WorkerStart,
  lost: (reason: string) => void,
): Promise<WorkerHandle> {
  let handle: WorkerHandle | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(reason));
      timer = setTimeout(
        () => fail(`it was not ready after ${START_MILLISECONDS / 1000} s`),
        START_MILLISECONDS,
      );
      handle = launch(start, {
        ready: ({ problem }) => problem === undefined ? resolve() : fail(problem),
        ended: (reason) => {
          fail(reason);
          lost(reason);
        },
      });
    });
  } catch (error) {
    await handle?.end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  handle!.release();
  return handle!;
}
