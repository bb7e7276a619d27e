/**
 * Loads Elbo's own WebAssembly onto a heap.
 *
 * @module
 */
import type { LoadedKernels, WasmKernels } from "./kernels.ts";

/** The builds of the module. */
const BUILDS = {
  simd: () => import("./generated/simd.ts"),
  relaxed_simd: () => import("./generated/relaxed_simd.ts"),
  shared_simd: () => import("./generated/shared_simd.ts"),
  shared_relaxed_simd: () => import("./generated/shared_relaxed_simd.ts"),
};

/** A module of one function that holds `f32x4.relaxed_madd` and is never run. */
const RELAXED_SIMD_PROBE = Uint8Array.of(
  // "\0asm", version 1
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // types: one function without parameters and results; functions: one, of this type
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00],
  // code: one body of 7 bytes without locals
  ...[0x0a, 0x09, 0x01, 0x07, 0x00],
  // unreachable, which leaves operands of every type; f32x4.relaxed_madd; drop; end
  ...[0x00, 0xfd, 0x85, 0x02, 0x1a, 0x0b],
);

/** What to load. */
export interface LoadKernelsOptions {
  /**
   * Whether to use relaxed SIMD.
   *
   * @defaultValue Whether the engine has it.
   */
  readonly relaxedSimd?: boolean;
}

/** Whether the engine has relaxed SIMD. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_SIMD_PROBE);
}

/** Whether memory is shared between threads; not every page of a browser knows such memory. */
function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== "undefined" && memory.buffer instanceof SharedArrayBuffer;
}

/**
 * Instantiates the kernels on a heap.
 *
 * @param memory The heap, shared between threads or not.
 * @param options Which build to take.
 * @returns The kernels.
 */
export async function loadKernels(
  memory: WebAssembly.Memory,
  options: LoadKernelsOptions = {},
): Promise<LoadedKernels> {
  const relaxedSimd = options.relaxedSimd ?? hasRelaxedSimd();
  const { binary } = await BUILDS
    [`${isShared(memory) ? "shared_" : ""}${relaxedSimd ? "relaxed_" : ""}simd` as const]();
  const bytes = Uint8Array.from(atob(binary), (character) => character.charCodeAt(0));
  const module = await WebAssembly.compile(bytes);
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return { kernels: exports as unknown as WasmKernels, module, relaxedSimd };
}
