/**
 * Calls kernels on a heap on which every step beyond an operand is seen.
 *
 * @module
 */
import assert from "node:assert/strict";
import { hasRelaxedSimd, loadKernels } from "../../../../core/backend/wasm/load_kernels.ts";
import type { Address, WasmKernels } from "../../../../core/backend/wasm/kernels.ts";

const PAGES = 48;
/** What stands between operands: a NaN that no calculation makes. */
const CANARY = 0x7fc0dead;
/** Words of it on either side, more than a vector of any kernel. */
const GAP = 32;
const WORKSPACE = 1024;

/** What a kernel reads, or, as the number of its elements, what it writes. */
export type Operand = Float32Array | Int32Array | number;

/** Kernels on a heap of their own. */
export interface Arena {
  readonly kernels: WasmKernels;
  /** Aligned to 16, as large as `gemm` wants it. */
  readonly workspace: Address;
  /**
   * Calls a kernel once for every operand, which then lies at the very end of memory, where reading
   * on is a trap. Sees that operands that are not written keep their values, that nothing between
   * operands is touched, and that the results do not depend on the addresses.
   *
   * @param operands What is read, and how many elements are written.
   * @param call Calls the kernel, given the addresses of the operands.
   * @param updated The places in `operands` of what is both read and written.
   * @returns The operands after the call.
   */
  readonly run: (
    operands: readonly Operand[],
    call: (kernels: WasmKernels, ...addresses: Address[]) => void,
    updated?: readonly number[],
  ) => Float32Array[];
}

function wordsOf(operand: Operand): Uint32Array {
  return typeof operand === "number"
    ? new Uint32Array(operand).fill(CANARY)
    : new Uint32Array(operand.buffer, operand.byteOffset, operand.length);
}

/** A fresh arena for one build. */
export async function makeArena(relaxedSimd: boolean): Promise<Arena> {
  const memory = new WebAssembly.Memory({ initial: PAGES });
  const { kernels } = await loadKernels(memory, { relaxedSimd });
  const heap = new Uint32Array(memory.buffer);
  const run: Arena["run"] = (operands, call, updated = []) => {
    const given = operands.map(wordsOf);
    let results: Uint32Array[] | undefined;
    for (let turn = 0; turn < operands.length; turn++) {
      // From the end of memory to its beginning, the operands from `turn` on and around.
      const starts: number[] = [];
      let end = heap.length;
      for (let i = 0; i < operands.length; i++) {
        const index = (turn + i) % operands.length;
        starts[index] = end - given[index]!.length;
        end = starts[index]! - GAP;
      }
      const bottom = end - GAP;
      assert(4 * bottom > WORKSPACE + kernels.gemmWorkspace(), "the arena is too small");
      heap.fill(CANARY, bottom);
      given.forEach((words, i) => heap.set(words, starts[i]!));
      call(kernels, ...starts.map((start) => 4 * start));
      const found = given.map((words, i) => heap.slice(starts[i]!, starts[i]! + words.length));
      given.forEach((words, i) => {
        heap.fill(CANARY, starts[i]!, starts[i]! + words.length);
        if (typeof operands[i] !== "number" && !updated.includes(i)) {
          assert.deepEqual(found[i], words, `operand ${i} was written`);
        }
      });
      assert(heap.subarray(bottom).every((word) => word === CANARY), "something else was written");
      results ??= found;
      assert.deepEqual(found, results, "other bits at other addresses");
    }
    return results!.map((words) => new Float32Array(words.buffer));
  };
  return { kernels, workspace: WORKSPACE, run };
}

/** One test for every build that this engine can run. */
export function onEachBuild(name: string, test: (arena: Arena) => void): void {
  for (const relaxedSimd of hasRelaxedSimd() ? [true, false] : [false]) {
    Deno.test(`${name} (${relaxedSimd ? "relaxed" : "plain"} SIMD)`, async () => {
      test(await makeArena(relaxedSimd));
    });
  }
}
