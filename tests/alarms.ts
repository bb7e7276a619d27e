/**
 * Counts false alarms: runs all laws on sound plugins, with another seed each time.
 *
 *     deno task laws:alarms --runs 200
 *
 * Each run draws a random fifth of the plugins, with `--stand-ins` also of those that stand in for
 * plugins to come. The last line is one JSON object.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- a script is there to be read
import { parseArgs } from "node:util";
import { permutation, seed } from "../core/random.ts";
import { type BackendName, useBackend } from "../mod.ts";
import { eachWithProgress } from "./helpers/progress.ts";
import { checkLaws } from "./laws/mod.ts";
import { held } from "./plugins/laws.ts";
import { held as heldStandIns } from "./stand_ins/laws.ts";

const { values: flags } = parseArgs({
  options: {
    runs: { type: "string", default: "200" },
    backend: { type: "string", default: "wasm" },
    "stand-ins": { type: "boolean", default: false },
  },
});
await useBackend({ backend: flags.backend as BackendName });

const plugins = Object.entries(flags["stand-ins"] ? { ...held, ...heldStandIns } : held);
const share = Math.ceil(plugins.length / 5);
const runs = Array.from({ length: Number(flags.runs) }, (_, run) => run + 1);
let failures = 0, checked = 0;
await eachWithProgress("runs", runs, async (run) => {
  const order = permutation(seed(run).split("alarms"), plugins.length);
  let sound = true;
  for (const i of order.subarray(0, share)) {
    const [name, laws] = plugins[i]!;
    for (const { outcome, reason } of await checkLaws(laws({ seed: run }))) {
      checked++;
      if (outcome !== "broken") continue;
      sound = false;
      console.log(`run ${run}, ${name}: ${reason}`);
    }
  }
  if (!sound) failures++;
});
console.log(JSON.stringify({ runs: runs.length, failures, laws: checked }));
if (failures > 0) Deno.exit(1);
