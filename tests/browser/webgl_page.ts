/**
 * What runs in the page: the checks of a GPU backend, whose findings go to the console.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { check } from "../core/backend/gpu/check.ts";

try {
  console.log(JSON.stringify({ findings: await check("webgl") }));
} catch (error) {
  console.log(JSON.stringify({ failure: String((error as Error).stack ?? error) }));
}
