/**
 * The packages that Elbo stands on, each with its exact version: the only runtime file that
 * names any.
 *
 * @module
 */
// An importer by URL does not see our deno.json, so that bare names would fail there.
// deno-lint-ignore-file no-import-prefix
import * as tf from "npm:@tensorflow/tfjs@4.22.0";
export { match, P } from "npm:ts-pattern@5.9.2";

export { tf };

// At its first use outside a browser the cpu backend advertises another package.
const makeCpu = tf.findBackendFactory("cpu") as () => tf.KernelBackend;
tf.removeBackend("cpu");
tf.registerBackend("cpu", () => Object.assign(makeCpu(), { firstUse: false }), 1);

/** Packages that are loaded when they are first wanted. */
export const lazy: {
  readonly [
    name in
      | "wasm"
      | "wasmThreaded"
      | "webgl"
      | "webgpu"
      | "progress"
      | "keyValue"
      | "csv"
      | "parquet"
      | "parquetCompressors"
      | "png"
      | "protobuf"
  ]: () => Promise<unknown>;
} = {
  wasm: () => import("npm:@tensorflow/tfjs-backend-wasm@4.22.0"),
  wasmThreaded: () =>
    import(
      "npm:@tensorflow/tfjs-backend-wasm@4.22.0/wasm-out/tfjs-backend-wasm-threaded-simd.js"
    ),
  webgl: () => import("npm:@tensorflow/tfjs-backend-webgl@4.22.0"),
  webgpu: () => import("npm:@tensorflow/tfjs-backend-webgpu@4.22.0"),
  progress: () => import("npm:cli-progress@3.12.0"),
  keyValue: () => import("npm:idb-keyval@6.3.0"),
  csv: () => import("npm:papaparse@5.7.1"),
  parquet: () => import("npm:hyparquet@1.31.5"),
  parquetCompressors: () => import("npm:hyparquet-compressors@1.1.2"),
  png: () => import("npm:fast-png@8.0.0"),
  protobuf: () => import("npm:@bufbuild/protobuf@2.17.0/wire"),
};
