import assert from "node:assert/strict";
import { runDeno } from "../helpers/run.ts";

interface Failed {
  readonly name: string;
  readonly message: string;
  readonly before: string;
  readonly after: string;
  readonly left: readonly string[];
  readonly saved: boolean;
}

/** What became of a run whose disk could not be written. */
function requireUnharmed({ name, message, before, after, left, saved }: Failed): void {
  assert.equal(name, "CheckpointError");
  assert.match(message, /^Cannot write '.*\/step-00000006' as .* current value is 'E[A-Z]+'$/);
  assert.match(before, /step-00000005$/);
  assert.equal(after, before, "the checkpoint before is whole");
  assert.deepEqual(left, [], "nothing is left of the one that failed");
  assert.equal(saved, true, "the model can be saved elsewhere");
}

for (const how of ["mount", "ulimit"]) {
  Deno.test(`a run outlasts a disk that cannot be written, by ${how}`, async (t) => {
    const lock = ["--allow-run", "--allow-read", "--allow-write=out", "--lock=tests/deno.lock"];
    const { json } = await runDeno(["run", ...lock, "tests/torture/disk.ts", "--how", how]);
    const ignore = json.how !== how || json.full === undefined;
    for (const kind of how === "mount" ? ["full", "readOnly"] : ["full"]) {
      await t.step({
        name: ignore ? `${kind}: cannot be had here` : kind,
        ignore,
        fn: () => requireUnharmed(json[kind] as Failed),
      });
    }
    await t.step({
      name: "it goes on when there is room again",
      ignore,
      fn: () => assert.deepEqual(json.end, { steps: 16, exact: true }),
    });
  });
}
