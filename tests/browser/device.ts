/**
 * Looks in a real Chromium at the device of WebGL and WebGPU while it trains: what is read from it, what
 * its memory holds, and what is left when it is lost.
 *
 *     deno task test:device [--short] --chromium /usr/bin/chromium
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import type { DeviceFindings } from "../core/backend/gpu/device/device.ts";
import { requireOfDevice } from "../core/backend/gpu/device/requirements.ts";
import { SOFTWARE_WEBGL, SOFTWARE_WEBGPU } from "./deps.ts";
import { runPage } from "./run_page.ts";

const { values: { chromium, short } } = parseArgs({
  args: Deno.args,
  options: {
    chromium: { type: "string", default: "/usr/bin/chromium" },
    short: { type: "boolean", default: false },
  },
});

const all = [["webgl", SOFTWARE_WEBGL], ["webgpu", SOFTWARE_WEBGPU]] as const;
// A step of WebGPU takes long without a GPU; Deno's tests look at it, too.
for (const [backend, args] of short ? all.slice(0, 1) : all) {
  const query = `?backend=${backend}${short || backend === "webgpu" ? "&short" : ""}`;
  const answer = await runPage({ script: "tests/browser/device_page.ts", chromium, args, query });
  console.log(backend, answer);
  if (answer.skipped === undefined) requireOfDevice(answer.found as DeviceFindings);
}
