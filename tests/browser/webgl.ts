/**
 * Checks the WebGL kernels in a real Chromium, which Deno cannot stand in for.
 *
 *     deno task test:webgl --chromium /usr/bin/chromium
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import type { Findings } from "../core/backend/gpu/check.ts";
import { requireFine } from "../core/backend/gpu/fine.ts";
import { SOFTWARE_WEBGL } from "./deps.ts";
import { runPage } from "./run_page.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { chromium: { type: "string", default: "/usr/bin/chromium" } },
});

const { findings } = await runPage({
  script: "tests/browser/webgl_page.ts",
  chromium: values.chromium,
  args: SOFTWARE_WEBGL,
});
console.log(findings);
requireFine(findings as Findings, 86);
