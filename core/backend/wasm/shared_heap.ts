/**
 * The heap of TensorFlow.js's wasm backend, and a start of that backend on a heap that threads share.
 *
 * Outside a browser TensorFlow.js never takes its threaded binary, whose heap alone can be shared.
 * Here that binary starts without any of its own threads: Elbo's work on the same heap instead
 * (threads.ts), as one pool of them is enough and its own would keep a program from ending.
 *
 * @module
 */
import { lazy, tf } from "../../deps.ts";

/** What this file asks of the module of the wasm backend. */
interface WasmPackage {
  readonly BackendWasm: new (module: EmscriptenModule) => tf.KernelBackend;
  setThreadsCount(count: number): void;
}

/** What Emscripten's glue makes of the binary, as far as it is needed here. */
interface EmscriptenModule {
  readonly asm?: Record<string, unknown>;
  readonly wasmMemory?: WebAssembly.Memory;
  /** What the backend calls; TensorFlow.js's own start adds the same record. */
  tfjs?: Record<string, unknown>;
}

/** The glue of the threaded binary. */
type Glue = (options: object) => Promise<EmscriptenModule>;

/** What this file asks of `process`, which Deno and Node have. */
interface Process {
  listeners(event: string): readonly unknown[];
  removeListener(event: string, listener: unknown): unknown;
  getBuiltinModule?(name: "node:fs"): { promises: { readFile(path: string): Promise<Uint8Array> } };
}

const BACKEND = "wasm";

/** As TensorFlow.js registers it itself. */
const PRIORITY = 2;

/** In pages of 64 kiB: what the binary was linked for at least, and at most. */
const PAGES = { initial: 256, maximum: 65536 } as const;

const inBrowser = !("Deno" in globalThis) &&
  ("document" in globalThis || "importScripts" in globalThis);

function refusal(requirement: string, current: string): Error {
  return new Error(`Cannot start wasm on a shared heap as ${requirement}: ${current}`);
}

function reasonOf(error: unknown): string {
  return (error as Error | undefined)?.message ?? String(error);
}

/**
 * The heap of a wasm backend that runs, shared or not.
 *
 * @param backend The backend, as `tf.backend()` gives it.
 * @throws {Error} If it is no wasm backend, or was disposed.
 */
export function heapOf(backend: tf.KernelBackend): WebAssembly.Memory {
  const module = (backend as { wasm?: EmscriptenModule | null }).wasm;
  // A binary that makes its heap exports it; one that is given it, as the threaded one, does not.
  const places = [module?.wasmMemory, ...Object.values(module?.asm ?? {})];
  const heap = places.find((place) => place instanceof WebAssembly.Memory);
  if (heap !== undefined) return heap;
  throw new Error(
    "Cannot find the heap of the backend as it must be wasm that has started: " +
      `it is ${backend?.constructor?.name ?? String(backend)}`,
  );
}

/** Stands for a thread of Emscripten, of which 8 are made at the start, and never starts one. */
class NoWorker {
  onmessage?: (event: { data: unknown }) => void;

  postMessage({ cmd }: { cmd: string }): void {
    if (cmd === "load") this.onmessage?.({ data: { cmd: "loaded" } });
    // The binary would wait for ever for a thread that it believes to run.
    else if (cmd === "run") throw refusal("it must need no thread", "it starts one");
  }

  on(): void {}
  ref(): void {}
  unref(): void {}
  terminate(): void {}
}

/**
 * Calls the glue, which takes over `Worker` and the process's handlers of errors, and gives both
 * back. It does all that before it first waits.
 */
function callGlue(glue: Glue, options: object): Promise<EmscriptenModule> {
  const { process } = globalThis as unknown as { process: Process };
  const before = ["uncaughtException", "unhandledRejection"].map((event) => ({
    event,
    listeners: new Set(process.listeners(event)),
  }));
  const worker = Object.getOwnPropertyDescriptor(globalThis, "Worker");
  Object.defineProperty(globalThis, "Worker", {
    configurable: true,
    get: () => NoWorker,
    set: () => {}, // The glue would put Node's there.
  });
  try {
    return glue(options);
  } finally {
    if (worker === undefined) delete (globalThis as { Worker?: unknown }).Worker;
    else Object.defineProperty(globalThis, "Worker", worker);
    for (const { event, listeners } of before) {
      for (const listener of process.listeners(event)) {
        if (!listeners.has(listener)) process.removeListener(event, listener);
      }
    }
  }
}

/** Reads the binary; never prompts for the permission. */
async function readBinary(path: string): Promise<Uint8Array<ArrayBuffer>> {
  if ("Deno" in globalThis) {
    const { state } = await Deno.permissions.query({ name: "read", path });
    if (state === "granted") return await Deno.readFile(path);
    throw refusal("its binary in the npm cache must be readable", "there is no --allow-read");
  }
  const { process } = globalThis as unknown as { process: Process };
  const files = process.getBuiltinModule?.("node:fs");
  if (files === undefined) throw refusal("its binary must be readable", "this Node is too old");
  return new Uint8Array(await files.promises.readFile(path));
}

/** Starts the threaded binary on a heap. */
function startBinary(glue: Glue, heap: WebAssembly.Memory): Promise<EmscriptenModule> {
  return new Promise((resolve, reject) => {
    let path = "";
    const options = {
      wasmMemory: heap,
      locateFile(name: string, folder: string): string {
        if (name.endsWith(".wasm")) path = folder + name;
        return folder + name;
      },
      instantiateWasm(
        imports: { env: Record<string, unknown> } & WebAssembly.Imports,
        receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
      ): object {
        // It takes a thread for every two cores; to count them also needs a permission in Deno.
        imports.env["emscripten_num_logical_cores"] = () => 2;
        readBinary(path)
          .then((binary) => WebAssembly.instantiate(binary, imports))
          .then(({ instance, module }) => receive(instance, module))
          .catch(reject);
        return {};
      },
      onAbort: (reason: unknown) => reject(refusal("its binary must start", String(reason))),
      print: () => {},
      printErr: () => {},
    };
    callGlue(glue, options).then(resolve, reject);
  });
}

/** The functions that the backend calls, as TensorFlow.js's own start names them. */
function bridge({ asm = {} }: EmscriptenModule): Record<string, unknown> {
  return {
    init: asm["init"],
    initWithThreadsCount: asm["init_with_threads_count"],
    getThreadsCount: asm["get_threads_count"],
    registerTensor: asm["register_tensor"],
    disposeData: asm["dispose_data"],
    // Not the glue's, which would take every listener off that the process has.
    dispose: asm["dispose"],
  };
}

/** Starts the backend; answers its heap, and how another one is made on it. */
async function startOutsideBrowser(): Promise<[WebAssembly.Memory, tf.KernelBackend]> {
  const { BackendWasm } = await lazy.wasm() as WasmPackage;
  const package_ = await lazy.wasmThreaded() as { default: Glue };
  let heap: WebAssembly.Memory;
  try {
    heap = new WebAssembly.Memory({ ...PAGES, shared: true });
  } catch (error) {
    throw refusal("there must be address space for 4 GiB", reasonOf(error));
  }
  const module = await startBinary(package_.default, heap);
  module.tfjs = bridge(module);
  return [heap, new BackendWasm(module)];
}

/** TensorFlow.js takes its threaded binary by itself where the page lets it. */
async function startInBrowser(): Promise<[WebAssembly.Memory, tf.KernelBackend]> {
  if (!(globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated) {
    throw refusal("the page must be cross-origin isolated", "it is not");
  }
  const { setThreadsCount } = await lazy.wasm() as WasmPackage;
  setThreadsCount(1);
  const make = tf.findBackendFactory(BACKEND);
  const backend = await make();
  const heap = heapOf(backend);
  if (heap.buffer instanceof SharedArrayBuffer) return [heap, backend];
  backend.dispose();
  throw refusal("TensorFlow.js must take its threaded binary here", "it took another");
}

async function start(): Promise<WebAssembly.Memory> {
  if (tf.engine().registry[BACKEND] !== undefined) {
    throw refusal("the wasm backend must not have started yet", "it runs on a heap of its own");
  }
  const [heap, backend] = await (inBrowser ? startInBrowser() : startOutsideBrowser());
  tf.removeBackend(BACKEND);
  tf.registerBackend(BACKEND, () => backend, PRIORITY);
  return heap;
}

let starting: Promise<WebAssembly.Memory> | undefined;

/**
 * Starts TensorFlow.js's threaded binary on a heap that threads can share, without threads of its
 * own, and registers it as the wasm backend: `tf.setBackend("wasm")` takes it from here on.
 *
 * In Deno it needs `--allow-read`, as the stock start does, and nothing else. It leaves `Worker`
 * and the process's listeners as they were, and prints nothing.
 *
 * @returns The heap; the same one whenever it is called again.
 * @throws {Error} If it cannot start here; the message says why.
 */
export function startOnSharedHeap(): Promise<WebAssembly.Memory> {
  starting ??= start().catch((error) => {
    starting = undefined; // What was missing may be there later.
    throw error;
  });
  return starting;
}
