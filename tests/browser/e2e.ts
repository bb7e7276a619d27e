/**
 * Uses the playground as a visitor does, in a real Chromium.
 *
 *     deno task e2e --chromium /usr/bin/chromium
 *
 * --only WORD      only the checks whose names have the word
 * --pictures PATH  a folder for pictures of the page, light and dark, large and small
 *
 * WebGL is SwiftShader here, a renderer on the processor: where a check is not about WebGL it trains
 * on wasm, and everywhere on small models. The last line is `N passed, N failed`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import "./e2e/promises.ts";
import "./e2e/training.ts";
import "./e2e/latents.ts";
import "./e2e/own_data.ts";
import "./e2e/model_file.ts";
import "./e2e/access.ts";
import "./e2e/failures.ts";
import "./e2e/pictures.ts";
import { checks, close, flags } from "./e2e/visit.ts";

let passed = 0, failed = 0;
for (const [name, run] of checks.filter(([name]) => name.includes(flags.only))) {
  const start = performance.now();
  try {
    await run();
    passed++;
    console.log(`ok      ${name} (${Math.round((performance.now() - start) / 1000)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}\n  ${(error as Error).stack ?? error}`);
  }
}
await close();
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
