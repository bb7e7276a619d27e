/**
 * Counts false alarms: runs all laws on sound plugins, with another seed each time.
 *
 *     deno task laws:alarms --runs 200
 *
 * Each run draws a random fifth of the plugins, or of those with `--only` in their name, and checks
 * each law on 50 cases, or `--cases`. The last line is one JSON object.
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

const { values: flags } = parseArgs({
  options: {
    runs: { type: "string", default: "200" },
    cases: { type: "string", default: "50" },
    backend: { type: "string", default: "wasm" },
    only: { type: "string", default: "" },
  },
});
await useBackend({ backend: flags.backend as BackendName });

const plugins = Object.entries(held).filter(([name]) => name.includes(flags.only));
// Others may be at work too: how long a sound plugin takes is no alarm.
const told = { cases: Number(flags.cases), timeLimit: 60_000 };
const share = Math.ceil(plugins.length / 5);
const runs = Array.from({ length: Number(flags.runs) }, (_, run) => run + 1);
let failures = 0, checked = 0;
await eachWithProgress("runs", runs, async (run) => {
  const order = permutation(seed(run).split("alarms"), plugins.length);
  let sound = true;
  for (const i of order.subarray(0, share)) {
    const [name, laws] = plugins[i]!;
    for (const { outcome, reason } of await checkLaws(laws({ ...told, seed: run }))) {
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
