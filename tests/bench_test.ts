import assert from "node:assert/strict";
import { runDeno } from "./helpers/run.ts";

Deno.test("bench/step.ts measures a variant, and ends with its rows", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const run = (tasks["bench:step"].command as string).split(" ").slice(1);
  const flags = ["--rounds", "1", "--variants", "ours, 1 thread", "--batches", "8"];
  const { json } = await runDeno([...run, ...flags]);
  const [row] = json["rows"] as Record<string, unknown>[];
  assert.deepEqual([row?.["variant"], row?.["batch"]], ["ours, 1 thread", 8]);
  assert((row?.["launches"] as number) <= 60, `${row?.["launches"]} launches`);
  assert((row?.["msPerStep"] as number) > 0);
});
