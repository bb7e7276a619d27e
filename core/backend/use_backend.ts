/**
 * Chooses a TensorFlow.js backend, and says why.
 *
 * @module
 */
import { lazy, tf } from "../deps.ts";
import { outOfRange, requirePositiveInteger } from "../errors.ts";
import { inBrowser } from "../in_browser.ts";
import type { Vae } from "../model.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import { isLost } from "./device.ts";
import { lackingOperations, type MissingOperations } from "./lacking.ts";
import type { WasmReport } from "./wasm/start.ts";

/** The backends that Elbo trains on. */
export type BackendName = "webgpu" | "webgl" | "wasm" | "cpu";

/** Options of {@linkcode useBackend}. */
export interface UseBackendOptions {
  /** The backend to use; the first that starts unless told. */
  readonly backend?: BackendName;
  /** A model: the report then says which operations of its training the backend lacks. */
  readonly model?: Vae;
  /**
   * How many threads the wasm backend runs on; as many as there are cores, but at most 8, unless
   * told.
   */
  readonly threads?: number;
  /** Where a browser finds the files of the wasm backend: a folder, with a slash at its end. */
  readonly wasmPath?: string;
}

/** Which backend runs, and why not another. */
export interface BackendReport {
  /** The backend that runs. */
  readonly backend: BackendName;
  /** The ones that would have come before it, each with the reason it was passed over. */
  readonly passedOver: readonly { readonly backend: BackendName; readonly reason: string }[];
  /** What the model needs and the backend lacks, where a model was given. */
  readonly lacking?: MissingOperations;
  /** What the wasm backend runs with. */
  readonly wasm?: WasmReport;
  /** All of it in a few words. */
  readonly summary: string;
}

/** What this file asks of the WebGPU interface, whose types not every program has. */
interface Gpu {
  requestAdapter(): Promise<
    {
      readonly info?: { readonly isFallbackAdapter?: boolean };
      /** Where older browsers say it. */
      readonly isFallbackAdapter?: boolean;
    } | null
  >;
}

/** What this file asks of the module of the wasm backend. */
interface WasmModule {
  setWasmPaths(folder: string): void;
}

/** In the order of preference. */
const PREFERENCE: readonly BackendName[] = inBrowser
  ? ["webgpu", "webgl", "wasm", "cpu"]
  : ["webgpu", "wasm", "cpu"];

const NAMES: readonly string[] = ["webgpu", "webgl", "wasm", "cpu"];

const OPTIONS = {
  backend: true,
  model: true,
  threads: true,
  wasmPath: true,
} satisfies OptionNames<UseBackendOptions>;

/** Why WebGPU cannot start, if it cannot. A software adapter is only for those who name it. */
async function webgpuObstacle(named: boolean): Promise<string | undefined> {
  const { navigator } = globalThis as { navigator?: unknown }; // Node 20 has none.
  const gpu = (navigator as { gpu?: Gpu } | undefined)?.gpu;
  if (gpu === undefined) return "there is no WebGPU here";
  const adapter = await gpu.requestAdapter();
  if (adapter === null) return "there is no GPU adapter";
  const fallback = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter;
  if (fallback && !named) return "the GPU adapter is a software one";
  return undefined;
}

/** Why wasm should not be tried, if Deno might print or prompt; who names it wants it tried. */
async function wasmObstacle(named: boolean): Promise<string | undefined> {
  if (!("Deno" in globalThis) || named) return undefined;
  const { state } = await Deno.permissions.query({ name: "read" });
  if (state === "granted") return undefined;
  return "its binary in the npm cache may not be read (--allow-read without a path)";
}

async function obstacle(name: BackendName, named: boolean): Promise<string | undefined> {
  if (name === "webgpu") return await webgpuObstacle(named);
  if (name === "wasm") return await wasmObstacle(named);
  if (name === "webgl" && !inBrowser) {
    return "there is no WebGL outside a browser";
  }
  return undefined;
}

/** Loads the code of a backend. */
async function loadBackend(name: BackendName, wasmPath?: string): Promise<void> {
  if (name === "cpu") return;
  const module = await lazy[name]();
  if (name === "wasm" && wasmPath !== undefined) {
    (module as WasmModule).setWasmPaths(wasmPath);
  }
}

/** Starts a backend, and throws what TensorFlow.js would only have printed. */
async function start(name: BackendName, wasmPath?: string): Promise<void> {
  await loadBackend(name, wasmPath);
  if (name === "wasm") await (await import("./wasm/start.ts")).prepareHeap();
  let failure: unknown = new Error(`TensorFlow.js knows no backend '${name}' here`);
  const factory = tf.findBackendFactory(name);
  const before = tf.engine().registry[name];
  if (factory !== null && (before === undefined || isLost(before))) {
    tf.removeBackend(name); // A lost device is no backend's; the next one has another.
    tf.registerBackend(name, async () => {
      try {
        return await factory();
      } catch (error) {
        failure = error;
        throw error;
      }
    });
  }
  const production = tf.env().getBool("PROD");
  tf.env().set("PROD", true); // Says nothing on the console when a backend does not start.
  try {
    if (!(await tf.setBackend(name))) throw failure;
    await tf.ready();
  } finally {
    tf.env().set("PROD", production);
  }
}

/** Puts our kernels on the backend that has started; those of the others are never loaded. */
async function equip(name: BackendName, threads?: number): Promise<WasmReport | undefined> {
  if (name === "wasm") return await (await import("./wasm/start.ts")).equipWasm(threads);
  if (name !== "cpu") (await import("./gpu/register.ts")).equipGpu(name);
  return undefined;
}

/** A backend in a few words. */
function summarize(backend: BackendName, wasm?: WasmReport): string {
  if (wasm === undefined) return backend;
  const { threads, threadsReason, relaxedSimd, blas, blasReason } = wasm;
  const why = (reason?: string): string => reason === undefined ? "" : ` (${reason})`;
  return [
    backend,
    `${threads} ${threads === 1 ? "thread" : "threads"}${why(threadsReason)}`,
    relaxedSimd ? "relaxed SIMD" : "plain SIMD",
    blas ?? `no BLAS${why(blasReason)}`,
  ].join(", ");
}

/**
 * Chooses the backend that everything runs on from here: in Deno webgpu (a real adapter only),
 * wasm, cpu; in a browser webgpu, webgl, wasm, cpu; or the one that is named.
 *
 * In Deno wasm needs `--allow-read`, as TensorFlow.js reads its binary from the npm cache.
 *
 * @param options The backend, or nothing for the first that starts.
 * @returns Which backend runs, and why not another.
 * @throws {RangeError} If the named backend is unknown.
 * @throws {TypeError} If an option is unknown.
 * @throws {Error} If the named backend cannot start here; the message says why.
 *
 * @example
 * ```ts
 * import { useBackend } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const report = await useBackend({ backend: "cpu" });
 * assert.equal(report.backend, "cpu");
 * ```
 */
export function useBackend(options: UseBackendOptions = {}): Promise<BackendReport> {
  const choice = lastChoice.catch(() => {}).then(() => choose(options));
  lastChoice = choice;
  return choice;
}

/** One choice is made after the other, as there is one backend for all. */
let lastChoice: Promise<unknown> = Promise.resolve();

async function choose(options: UseBackendOptions): Promise<BackendReport> {
  requireOptions("use backend", options, OPTIONS);
  const { backend: named, model, threads, wasmPath } = options;
  if (threads !== undefined) requirePositiveInteger("use backend", "threads", threads);
  if (named !== undefined && !NAMES.includes(named)) {
    throw outOfRange("use backend", `'backend' must be one of ${NAMES.join(", ")}`, named);
  }
  const home = tf.getBackend();
  const passedOver: { backend: BackendName; reason: string }[] = [];
  let wasm: WasmReport | undefined;
  for (const backend of named === undefined ? PREFERENCE : [named]) {
    try {
      const reason = await obstacle(backend, named !== undefined);
      if (reason !== undefined) throw new Error(reason);
      await start(backend, wasmPath);
      wasm = await equip(backend, threads);
    } catch (error) {
      // What wasm says of a file that it may not read is about web servers.
      const unread = backend === "wasm" ? await wasmObstacle(false) : undefined;
      const reason = unread ?? (error as Error)?.message ?? String(error);
      passedOver.push({ backend, reason });
      continue;
    }
    const summary = summarize(backend, wasm);
    const report = { backend, passedOver, ...(wasm && { wasm }), summary };
    return model === undefined
      ? report
      : { ...report, lacking: await lackingOperations(model, backend) };
  }
  const reasons = passedOver.map(({ backend, reason }) => `${backend}: ${reason}`).join("; ");
  // TensorFlow.js would be left on the one that did not start.
  await tf.setBackend(home || "cpu");
  throw new Error(`Cannot use backend '${named ?? "any"}' as it must start here: ${reasons}`);
}
