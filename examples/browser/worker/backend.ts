/**
 * The backend that the page asks for, or the first that starts.
 *
 * @module
 */
import { type BackendName, useBackend } from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import type { Settings } from "../protocol.ts";

/** Where the binaries of wasm lie. */
const WASM_PATH = new URL("../", globalThis.location.href).href;

/** What runs now. */
export interface Running {
  readonly backend: BackendName;
  readonly summary: string;
  /** Why it is not another, in sentences. */
  readonly notes: readonly string[];
}

/** The names of the backends as they are usually written. */
const TITLES: Readonly<Record<BackendName, string>> = {
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "WebAssembly",
  cpu: "plain JavaScript",
};

/** A backend's name as it is usually written. */
export function titleOf(backend: string): string {
  return TITLES[backend as BackendName] ?? backend;
}

/** What this file asks of the GPU backends. */
interface Device {
  readonly gpgpu?: { readonly gl: { readonly canvas: EventTarget } };
  readonly device?: { readonly lost: Promise<{ readonly reason?: string }> };
}

/** Tells when the device of the backend in use is lost, also while nothing computes on it. */
function watch(lost: () => void): void {
  const watched = tf.backend(), { gpgpu, device } = watched as unknown as Device;
  // One that is no longer in use may go.
  const tell = (): void => {
    if (tf.backend() === watched) lost();
  };
  gpgpu?.gl.canvas.addEventListener("webglcontextlost", tell, { once: true });
  void device?.lost.then(({ reason }) => reason === "destroyed" || tell());
}

/** Where a core's error says why, without what it was about. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^.*as it must start here: \w+: /, "").replace(/^Error: /, "");
}

/** Starts the wanted backend; where it does not start, the first that does. */
export async function startBackend(
  wanted: Settings["backend"],
  lost: (title: string) => void,
): Promise<Running> {
  const notes: string[] = [];
  const start = async (backend?: BackendName) => {
    const report = await useBackend({ wasmPath: WASM_PATH, ...(backend && { backend }) });
    for (const { backend, reason } of report.passedOver) {
      notes.push(`${TITLES[backend]} was passed over: ${reason}.`);
    }
    return report;
  };
  const report = wanted === "automatic" ? await start() : await start(wanted).catch((error) => {
    notes.push(`${TITLES[wanted]} did not start: ${reasonOf(error)}.`);
    return start();
  });
  watch(() => lost(TITLES[report.backend]));
  const { wasm } = report;
  const detail = wasm === undefined
    ? ""
    : `, ${wasm.threads} ${wasm.threads === 1 ? "thread" : "threads"}`;
  if (wasm?.threadsReason !== undefined) notes.push(`One thread only: ${wasm.threadsReason}.`);
  return { backend: report.backend, summary: `${TITLES[report.backend]}${detail}`, notes };
}
