/**
 * A leg in a browser, which is asked for in the address of the page. The page starts this same script
 * as a worker that does all the work, since only there threads may be waited for. What it finds goes
 * to the console.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { runLeg } from "./leg.ts";

if ("document" in globalThis) {
  // A worker has the address of its script, with what the page was asked for.
  new Worker(`script.js${globalThis.location.search}`, { type: "module" });
} else {
  try {
    const { search, origin } = globalThis.location;
    const leg = JSON.parse(decodeURIComponent(search.slice(1)));
    console.log(JSON.stringify(await runLeg({ ...leg, wasmPath: `${origin}/` })));
  } catch (error) {
    console.log(JSON.stringify({ failure: String((error as Error).stack ?? error) }));
  }
}
