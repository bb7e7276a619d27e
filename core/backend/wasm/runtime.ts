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
import type { Address, KernelArguments, KernelName, WasmKernels } from "./kernels.ts";
import type { Threads } from "./pool.ts";
import { multiplier, type Product } from "./products.ts";
import { rangesOf } from "./ranges.ts";

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

const align = (address: number): number => ((address + 15) & ~15) >>> 0;

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

  return {
    backend,
    kernels,
    address,
    output,
    view: (start, size) => new Float32Array(wasm.HEAPU8.buffer, start, size),
    scratch: (bytes) => align(room.take("scratch", bytes + 16)),
    inParts,
    multiply: multiplier({ kernels, workspace, inParts, threads, blas }),
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
