import assert from "node:assert/strict";
import { newestCheckpoint, resume } from "../../mod.ts";
import { inFolder, runDeno } from "../helpers/run.ts";
import { tinyData } from "../helpers/tiny.ts";
import { lines as linesOf } from "../../bench/lines.ts";

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

Deno.test("Ctrl-C ends a run with a checkpoint, and the program well", () =>
  inFolder(async (folder) => {
    const program = new Deno.Command("deno", {
      args: ["run", "--quiet", ...LOCK, "tests/torture/interrupt_worker.ts", folder],
      stdout: "piped",
    }).spawn();
    const lines: Record<string, unknown>[] = [];
    for await (const line of linesOf(program.stdout)) {
      lines.push(JSON.parse(line));
      if (lines.length === 1) program.kill("SIGINT");
    }
    assert.equal((await program.status).code, 0);
    const [, end] = lines;
    assert.equal(end!.stopped, "aborted");
    const name = `step-${String(end!.steps).padStart(8, "0")}`;
    assert.equal(await newestCheckpoint(folder), `${folder}/${name}`);
    const { model, stopped } = await resume(folder, tinyData(), { signal: AbortSignal.abort() });
    assert.equal(stopped, "aborted");
    model.dispose();
  }));
