/**
 * Checks the WebGPU kernels and prints what it found; a program of its own, as graphics drivers have
 * been seen to bring a process down when it ends.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { reasonAgainstWebgpu } from "./adapter.ts";
import { check } from "./check.ts";

const skipped = await reasonAgainstWebgpu();
console.log(JSON.stringify(skipped === undefined ? await check("webgpu") : { skipped }));
