/**
 * Checks the WebGPU kernels and prints what it found; a program of its own, as graphics drivers have
 * been seen to bring a process down when it ends.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { check } from "./check.ts";

const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<object | null> } };
const adapter = await gpu?.requestAdapter();
if (adapter == null) {
  const reason = gpu === undefined ? "there is no WebGPU here" : "there is no GPU adapter here";
  console.log(JSON.stringify({ skipped: reason }));
} else {
  console.log(JSON.stringify(await check("webgpu")));
}
