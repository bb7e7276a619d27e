/**
 * A module on a shared heap with functions that do what no real kernel should: stop, or wait.
 *
 * @module
 */
import type { KernelName, LoadedKernels } from "../../../../core/backend/wasm/kernels.ts";
import type { Threads } from "../../../../core/backend/wasm/pool.ts";

const I32 = 0x7f;
const F64 = 0x7c;
const VOID = 0x40;

const vector = (items: readonly (readonly number[])[]) => [items.length, ...items.flat()];
const section = (id: number, bytes: readonly number[]) => [id, bytes.length, ...bytes];
const text = (word: string) => [word.length, ...new TextEncoder().encode(word)];
const get = (local: number) => [0x20, local];
const constant = (value: number) => [0x41, value];
/** local += value, for −64 … 63. */
const raise = (local: number, value: number) => [
  ...get(local),
  ...constant(value & 0x7f),
  ...[0x6a, 0x21, local],
];
/** Writes 1 to the address in a local, then waits for something at the address in another. */
const meet = (mine: number, theirs: number) => [
  ...[...get(mine), ...constant(1), 0xfe, 0x17, 2, 0],
  ...[0x03, VOID, ...get(theirs), 0xfe, 0x10, 2, 0, 0x45, 0x0d, 0, 0x0b],
];
const ONE = [0x43, 0x00, 0x00, 0x80, 0x3f];
const LOAD = [0x2a, 2, 0];
const STORE = [0x38, 2, 0];

/** The functions: parameters, results and code of each. */
const FUNCTIONS = {
  /** y[i] = x[i] + 1, for x, y, size. */
  addOne: [[I32, I32, I32], [], [
    ...[0x02, VOID, 0x03, VOID, ...get(2), 0x45, 0x0d, 1],
    ...[...get(1), ...get(0), ...LOAD, ...ONE, 0x92, ...STORE],
    ...[...raise(0, 4), ...raise(1, 4), ...raise(2, -1), 0x0c, 0, 0x0b, 0x0b],
  ]],
  /** Writes 1 to an address, waits for something at another, and stops where a third is not 0. */
  meet: [[I32, I32, I32], [], [...meet(0, 1), ...get(2), 0x04, VOID, 0x00, 0x0b]],
  /** Grows the heap by some pages, unless these are 0, and then meets. */
  grow: [[I32, I32, I32], [], [
    ...[...get(0), 0x04, VOID, ...get(0), 0x40, 0, 0x1a, 0x0b],
    ...meet(1, 2),
  ]],
  /** Twice its argument. */
  twice: [[F64], [F64], [...get(0), ...get(0), 0xa0]],
} as const satisfies Record<string, readonly [number[], number[], number[]]>;

/** The name of a function of the module. */
export type HandMadeName = keyof typeof FUNCTIONS;

const names = Object.keys(FUNCTIONS);
const functions: readonly (readonly [readonly number[], readonly number[], readonly number[]])[] =
  Object.values(FUNCTIONS);

const bytes = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(
    1,
    vector(functions.map(([parameters, results]) => [
      0x60,
      ...vector(parameters.map((type) => [type])),
      ...vector(results.map((type) => [type])),
    ])),
  ),
  // env.memory, shared, of 1 … 65536 pages.
  ...section(2, vector([[...text("env"), ...text("memory"), 2, 3, 1, 0x80, 0x80, 4]])),
  ...section(3, vector(functions.map((_, index) => [index]))),
  ...section(7, vector(names.map((name, index) => [...text(name), 0, index]))),
  ...section(10, vector(functions.map(([, , code]) => [code.length + 2, 0, ...code, 0x0b]))),
]);

/** A small shared heap. */
export function smallHeap(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 1000, shared: true });
}

/** The module on a heap, as if it were Elbo's own. */
export function loadHandMade(heap: WebAssembly.Memory): LoadedKernels {
  const module = new WebAssembly.Module(bytes);
  const { exports } = new WebAssembly.Instance(module, { env: { memory: heap } });
  return { kernels: exports as unknown as LoadedKernels["kernels"], module, relaxedSimd: false };
}

/** Runs one of its functions. */
export function run(threads: Threads, name: HandMadeName, parts: readonly number[][]): number[] {
  return threads.run(name as unknown as KernelName, parts);
}
