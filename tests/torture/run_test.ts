import assert from "node:assert/strict";
import { runDeno } from "../helpers/run.ts";

const LOCK = ["--allow-read", "--allow-write=out", "--lock=tests/deno.lock"];

Deno.test("a run that is killed again and again ends as if nobody had killed it", async () => {
  const args = ["run", "--allow-run=deno", ...LOCK, "tests/torture/kill.ts"];
  const { json } = await runDeno([...args, "--runs", "1", "--seed", "3"]);
  const { runs, kills, exact, damaged } = json;
  assert.deepEqual({ runs, exact, damaged }, { runs: 1, exact: 1, damaged: 0 });
  assert(kills as number >= 1);
});

Deno.test("a long run with all that a run may have leaves nothing behind", async () => {
  const { json } = await runDeno(["run", ...LOCK, "tests/torture/soak.ts", "--steps", "400"]);
  assert.equal(json.steps, 400);
  assert.equal(json.tensorGrowth, 0);
  assert.equal(json.heapGrowthBytes, 0);
  // The collector of garbage has hardly begun.
  assert(json.residentGrowthMiB as number < 100, `${json.residentGrowthMiB} MiB`);
});
