/**
 * What runs in the page: how training behaves on the GPU backend that the page's address names, which
 * goes to the console.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { manners } from "../core/backend/gpu/manners.ts";

try {
  const told = new URLSearchParams(location.search);
  const backend = told.get("backend") as "webgl" | "webgpu", short = told.has("short");
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
  const answer = backend === "webgpu" && await gpu?.requestAdapter() == null
    ? { skipped: gpu === undefined ? "there is no WebGPU here" : "there is no GPU adapter here" }
    : { manners: await manners(backend, "cpu", short) };
  console.log(JSON.stringify(answer));
} catch (error) {
  console.log(JSON.stringify({ failure: String((error as Error).stack ?? error) }));
}
