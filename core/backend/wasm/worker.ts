/**
 * A worker of the pool in threads.ts: what it runs, and how it is launched where we are.
 *
 * @module
 */

/**
 * Where things lie in the memory that the pool shares with its workers, beside the heap: words are
 * 32-bit integers, numbers 64-bit floats, characters 16-bit integers.
 *
 * Work is handed out by *tickets*, integers that count up for ever (and wrap). Those from `next` to
 * `end` are still to be had; who raises `next` by a compare-exchange owns that part. So nobody can
 * take a part of a run that is over, nor one that somebody has taken.
 */
export interface Layout {
  /** Parts of one run, without the caller's first. */
  readonly slots: number;
  /** Arguments of one part. */
  readonly longest: number;
  /** Characters of what a kernel says when it stops. */
  readonly letters: number;
  /** Word: the ticket after the last; workers sleep on it. */
  readonly end: number;
  /** Word: the next ticket to take. */
  readonly next: number;
  /** Word: how many workers sleep. */
  readonly sleepers: number;
  /** Word: whether the caller sleeps on a state. */
  readonly callerSleeps: number;
  /** Words of a run: its first ticket, its kernel, and how many arguments that takes. */
  readonly first: number;
  readonly kernel: number;
  readonly arity: number;
  /** Words, one for each slot: its ticket and how it ended, see {@linkcode OUTCOME}. */
  readonly states: number;
  /** Words, one for each slot: the thread that took it, or −1. */
  readonly owners: number;
  /** Numbers, `longest` for each slot. */
  readonly arguments: number;
  /** Numbers, `slots` for each thread, so that one that was given up cannot spoil another's. */
  readonly results: number;
  /** Characters, `letters` for each thread; 0 ends a text. */
  readonly texts: number;
}

/** The lowest bits of a state; above them the thread, and then the ticket. */
export const OUTCOME = { open: 0, done: 1, stopped: 2, bits: 2, threadBits: 8 } as const;

/** What a worker is given at its start: nothing that cannot be cloned. */
export interface WorkerStart {
  /** Its number, from 1; the caller is 0. */
  readonly thread: number;
  readonly module: WebAssembly.Module;
  readonly heap: WebAssembly.Memory;
  /** The functions of the module, in the order of their numbers. */
  readonly names: readonly string[];
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
  const { thread, module, heap, names, control, layout, outcome, looks } = start;
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
    for (const name of names) kernels.push(exports[name] as () => unknown);
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
