/**
 * Checks in a real Chromium that models are kept in its database, and come back from there, from a
 * `Blob` and from the web.
 *
 *     deno task test:models --chromium /usr/bin/chromium
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { runPage } from "./run_page.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { chromium: { type: "string", default: "/usr/bin/chromium" } },
});

const { same } = await runPage({
  script: "tests/browser/models_page.ts",
  chromium: values.chromium,
});
console.log(same);
const all = Object.values(same as Record<string, boolean>);
if (all.length !== 5 || !all.every(Boolean)) throw new Error("a model is another one");
