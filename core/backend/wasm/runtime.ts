/**
 * What the kernels of the wasm backend work with: tensors as addresses, threads, and products by the
 * fastest means there are.
 *
 * @module
 */
import { tf } from "../../deps.ts";
import type { WasmBackend } from "./backend.ts";
import type { Blas } from "./blas.ts";
import { noRoom, type Room } from "./room.ts";
import {
  type Address,
  GEMM,
  type KernelArguments,
  type KernelName,
  type WasmKernels,
} from "./kernels.ts";
import { SGEMM, type Threads } from "./pool.ts";

/** C[m, n] = op(A)·op(B), as `gemm` of the wasm kernels computes it. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Address;
  readonly b: Address;
  readonly c: Address;
  /** Whether A is `[k, m]`. */
  readonly transposeA?: boolean;
  /** Whether B is `[n, k]`. */
  readonly transposeB?: boolean;
  /** Added to every row, unless 0. */
  readonly bias?: Address;
  readonly relu?: boolean;
  /** Whether to add to C. */
  readonly accumulate?: boolean;
}

/** From where to where a part goes. */
type Range = readonly [from: number, to: number];

/** The kernels' view of the backend. */
export interface WasmRuntime {
  readonly kernels: WasmKernels;
  /** Where the data of a tensor lie. */
  readonly address: (tensor: tf.TensorInfo) => Address;
  /** A new tensor, not yet written. */
  readonly output: (shape: readonly number[]) => tf.TensorInfo;
  /** The float32 numbers at an address: to be used at once, as the heap may move. */
  readonly view: (address: Address, size: number) => Float32Array;
  /** A place of at least so many bytes, for one kernel: good until the next call. */
  readonly scratch: (bytes: number) => Address;
  /**
   * Runs a kernel on `size` items in parts, on all threads where that pays.
   *
   * @param name The kernel.
   * @param size The number of items: rows, elements or pictures.
   * @param grain The fewest items that are worth a thread.
   * @param argumentsOf The arguments for the items from … to.
   * @returns What the parts answered.
   */
  readonly inParts: <N extends KernelName>(
    name: N,
    size: number,
    grain: number,
    argumentsOf: (from: number, to: number) => KernelArguments<N>,
  ) => readonly number[];
  /** A matrix product. */
  readonly multiply: (product: Product) => void;
  /**
   * Makes the data of a variable its own, under a new number, so that they may be changed in place;
   * answers where they are.
   */
  readonly own: (variable: tf.Tensor) => Address;
  readonly backend: WasmBackend;
}

/** What a runtime works with, beside the calling thread. */
export interface Means {
  /** Where parts run. */
  readonly pool?: Threads | undefined;
  /** What computes products. */
  readonly blas?: Blas | undefined;
}

/** Multiplications below which a product is not worth a second thread. */
const SMALLEST_SHARED_PRODUCT = 4e5;

/** Columns that products compute at once: ours, and a BLAS with vectors of 16 numbers. */
const GEMM_COLUMNS = 8, BLAS_COLUMNS = 16;

const align = (address: number): number => ((address + 15) & ~15) >>> 0;

/** Splits 0 … size into at most `parts` ranges whose borders are multiples of `multiple`. */
function rangesOf(size: number, parts: number, multiple: number): Range[] {
  const step = Math.ceil(size / parts / multiple) * multiple;
  const ranges: Range[] = [];
  for (let from = 0; from < size; from += step) ranges.push([from, Math.min(size, from + step)]);
  return ranges;
}

/**
 * Opens the view of a started backend.
 *
 * @param backend The backend.
 * @param kernels Our module on its heap.
 * @param room What is allocated on its heap.
 * @param means Threads, and a library for products.
 */
export function openRuntime(
  backend: WasmBackend,
  kernels: WasmKernels,
  room: Room,
  { pool: threads, blas }: Means,
): WasmRuntime {
  const { wasm } = backend;

  function workspace(part: number): Address {
    return align(room.take(`workspace ${part}`, kernels.gemmWorkspace() + 16));
  }

  const address = (tensor: tf.TensorInfo): Address =>
    backend.dataIdMap.get(tensor.dataId).memoryOffset;
  const output = (shape: readonly number[]): tf.TensorInfo => {
    const made = backend.makeOutput(shape, "float32");
    if (address(made) !== 0) return made;
    backend.disposeData(made.dataId);
    throw noRoom(4 * shape.reduce((size, axis) => size * axis, 1), wasm.HEAPU8.length);
  };
  // Where there is nothing to do, the grain may be NaN.
  const partsFor = (size: number, grain: number): number =>
    Math.max(1, Math.min(threads?.count ?? 1, Math.floor(size / grain) || 1));

  const inParts: WasmRuntime["inParts"] = (name, size, grain, argumentsOf) => {
    const parts = partsFor(size, grain);
    if (parts === 1) {
      const run = kernels[name] as (...numbers: number[]) => number;
      return [run(...argumentsOf(0, size))];
    }
    // In fours, so that every part but the last is made of whole vectors.
    return threads!.run(name, rangesOf(size, parts, 4).map((range) => argumentsOf(...range)));
  };

  /** The parts of a product that threads compute: rows, or columns where there are more of those. */
  function partsOf({ m, n, k }: Product, most: number, multiple: number): [Range, Range][] {
    const count = m * n * k < SMALLEST_SHARED_PRODUCT ? 1 : most;
    return m > n
      ? rangesOf(m, count, 4).map((rows) => [rows, [0, n]])
      : rangesOf(n, count, multiple).map((range) => [[0, m], range]);
  }

  function multiplyByBlas(blas: Blas, product: Product): void {
    const { m, n, k, a, b, c, transposeA, transposeB, bias = 0, relu, accumulate } = product;
    const lda = transposeA ? m : k, ldb = transposeB ? k : n;
    const parts = partsOf(product, threads?.hasBlas ? threads.count : 1, BLAS_COLUMNS).map((
      [[m0, m1], [n0, n1]],
    ) =>
      blas.argumentsOf(
        ...[m1 - m0, n1 - n0, k] as const,
        ...[a + 4 * (transposeA ? m0 : m0 * lda), lda, !!transposeA] as const,
        ...[b + 4 * (transposeB ? n0 * ldb : n0), ldb, !!transposeB] as const,
        ...[c + 4 * (m0 * n + n0), n, !!accumulate] as const,
      )
    );
    if (parts.length === 1) blas.gemm(parts[0]!);
    else threads!.run(SGEMM, parts);
    if (bias !== 0) {
      inParts("addBias", m, 1 + 20_000 / n, (from, to) => {
        const rows = c + 4 * from * n;
        return [rows, to - from, n, bias, Number(!!relu), rows];
      });
    }
  }

  function multiply(product: Product): void {
    const { m, n, k, a, b, c, transposeA, transposeB, bias = 0, relu, accumulate } = product;
    if (m * n === 0) return;
    if (blas !== undefined && (bias !== 0 || !relu) && k > 0) return multiplyByBlas(blas, product);
    const lda = transposeA ? m : k, ldb = transposeB ? k : n;
    const flags = (accumulate ? GEMM.accumulate : 0) | (bias !== 0 ? GEMM.bias : 0) |
      (relu ? GEMM.relu : 0);
    const [tA, tB] = [Number(!!transposeA), Number(!!transposeB)];
    const parts = partsOf(product, threads?.count ?? 1, GEMM_COLUMNS).map((
      [[m0, m1], [n0, n1]],
      part,
    ): KernelArguments<"gemm"> => {
      const rows = a + 4 * (transposeA ? m0 : m0 * lda), out = c + 4 * m0 * n;
      return [m1 - m0, n0, n1, k, rows, lda, tA, b, ldb, tB, out, n, flags, bias, workspace(part)];
    });
    if (parts.length === 1) kernels.gemm(...parts[0]!);
    else threads!.run("gemm", parts);
  }

  return {
    backend,
    kernels,
    address,
    output,
    view: (start, size) => new Float32Array(wasm.HEAPU8.buffer, start, size),
    scratch: (bytes) => align(room.take("scratch", bytes + 16)),
    inParts,
    multiply,
    own: (variable) => {
      // Data that lie on another backend move here first, with everybody who shares them.
      if (backend.dataIdMap.get(variable.dataId).refCount > 1) {
        const copy = output(variable.shape), from = address(variable);
        wasm.HEAPU8.copyWithin(address(copy), from, from + 4 * variable.size);
        const tensor = tf.engine().makeTensorFromTensorInfo(copy);
        (variable as tf.Variable).assign(tensor);
        tensor.dispose();
      }
      // XNNPACK keeps packed weights under the number of their data.
      const data = backend.dataIdMap.get(variable.dataId);
      wasm.tfjs.disposeData(data.id);
      data.id = backend.dataIdNextNumber++;
      wasm.tfjs.registerTensor(data.id, variable.size, data.memoryOffset);
      return data.memoryOffset;
    },
  };
}
