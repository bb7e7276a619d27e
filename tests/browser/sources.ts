/**
 * Checks in a real Chromium that files of every format are read.
 *
 *     deno task test:sources --chromium /usr/bin/chromium
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

const { rows } = await runPage({
  script: "tests/browser/sources_page.ts",
  chromium: values.chromium,
});
console.log(rows);
const all = Object.values(rows as Record<string, unknown>).map((rows) => JSON.stringify(rows));
if (all.length !== 9 || !all.every((rows) => rows === "[[1,2],[3,4]]")) {
  throw new Error("other rows were read");
}
