/**
 * What runs in the page: a look at the device of the backend that the page's address names; what it found
 * goes to the console.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { reasonAgainstWebgpu } from "../core/backend/gpu/adapter.ts";
import { observeDevice } from "../core/backend/gpu/device/device.ts";

try {
  const told = new URLSearchParams(location.search);
  const backend = told.get("backend") as "webgl" | "webgpu", short = told.has("short");
  const skipped = backend === "webgpu" ? await reasonAgainstWebgpu() : undefined;
  const answer = skipped === undefined
    ? { found: await observeDevice(backend, "cpu", short) }
    : { skipped };
  console.log(JSON.stringify(answer));
} catch (error) {
  console.log(JSON.stringify({ failure: String((error as Error).stack ?? error) }));
}
