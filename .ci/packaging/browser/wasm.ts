/**
 * The wasm backend as the browser bundle loads it: its binaries lie beside the bundle, unless
 * `useBackend` is told another `wasmPath`.
 *
 * @module
 */
// deno-lint-ignore-file no-import-prefix -- the package that core/deps.ts names
import { setWasmPaths } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/dist/index.js";

export * from "npm:@tensorflow/tfjs-backend-wasm@4.22.0/dist/index.js";

setWasmPaths(new URL("./", import.meta.url).href);
