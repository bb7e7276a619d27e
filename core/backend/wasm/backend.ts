/**
 * What we ask of TensorFlow.js's wasm backend beyond its public interface: where a tensor lies on
 * its heap.
 *
 * @module
 */
import type { tf } from "../../deps.ts";
import type { Address } from "./kernels.ts";

/** What the backend keeps of the data of a tensor. */
export interface HeapData {
  /** The number by which the binary knows it. */
  id: number;
  readonly memoryOffset: Address;
  readonly shape: readonly number[];
  readonly refCount: number;
}

/** The wasm backend. */
export interface WasmBackend extends tf.KernelBackend {
  /** The module that Emscripten made. */
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    readonly _malloc: (bytes: number) => Address;
    readonly _free: (address: Address) => void;
    readonly tfjs: {
      readonly registerTensor: (id: number, size: number, address: Address) => void;
      readonly disposeData: (id: number) => void;
    };
  };
  dataIdNextNumber: number;
  readonly dataIdMap: { readonly get: (dataId: object) => HeapData };
  readonly makeOutput: (shape: readonly number[], dtype: tf.DataType) => tf.TensorInfo;
  readonly refCount: (dataId: object) => number;
  readonly incRef: (dataId: object) => void;
  readonly disposeData: (dataId: object) => boolean;
}
