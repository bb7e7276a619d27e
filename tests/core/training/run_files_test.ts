import assert from "node:assert/strict";
import { findPlugins } from "../../../core/checkpoint/load.ts";
import { tf } from "../../../core/deps.ts";
import { outOfRange } from "../../../core/errors.ts";
import type { Files } from "../../../core/files/write.ts";
import { planOf } from "../../../core/training/options.ts";
import { filesOf, openRun, readSound } from "../../../core/training/run_files.ts";
import { RUN } from "../../../core/training/run_json.ts";
import type { Saved } from "../../../core/training/saved.ts";
import { train } from "../../../core/training/train.ts";
import { useBackend } from "../../../mod.ts";
import { BUILT_IN } from "../../../plugins/built_in.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

/** The files of a run after its third step, which is said to have a best checkpoint. */
async function filesOfRun(): Promise<Files> {
  const model = tinyModel(), data = tinyData(24), kept: Saved[] = [];
  const plan = planOf({ steps: 3, batchSize: 8 }, data);
  const keep = (saved: Saved) => Promise.resolve(void kept.push(saved));
  await train(model, data, plan, {}, { keeper: { keepBest: false, keep, paths: () => undefined } });
  const facts = { plan, data, fingerprint: "", watchers: {}, checkpoints: { keep: 3 } };
  const files = await filesOf(model, kept.at(-1)!, { ...facts, best: "step-00000003-2" });
  model.dispose();
  return files;
}

const files = await filesOfRun();

/** Reads the files, but one of them, which ends with an error of the system. */
const failing = (name: string, error: Error) => (wanted: string): Promise<Uint8Array> => {
  if (wanted !== name) return Promise.resolve(files.get(wanted)!);
  const refusal = outOfRange("read a checkpoint", `'${name}' must be read`, error.message);
  return Promise.reject(Object.assign(refusal, { cause: error }));
};

const systemError = (code: string): Error => Object.assign(new Error(`said ${code}`), { code });

Deno.test("readSound() answers the files that are as their sums say", async () => {
  const found = await readSound((name) => Promise.resolve(files.get(name)!));
  assert(typeof found !== "string");
  assert.deepEqual([...found.keys()].toSorted(), [...files.keys()].slice(0, -1).toSorted());
});

Deno.test("readSound() says of a file that is missing or damaged which it is", async () => {
  for (const name of files.keys()) {
    const missing = await readSound(failing(name, systemError("ENOENT")));
    assert.equal(
      missing,
      `Cannot read a checkpoint as '${name}' must be read: current value is 'said ENOENT'`,
    );
    const spoilt = (wanted: string) => {
      const bytes = files.get(wanted)!.slice();
      if (wanted === name) bytes[10]! ^= 1;
      return Promise.resolve(bytes);
    };
    const said = name === "SHA256SUMS" ? "model.json" : name; // The sum of its first line is wrong.
    assert.equal(await readSound(spoilt), `'${said}' is damaged`);
  }
  const torn = (name: string) =>
    Promise.resolve(name === "SHA256SUMS" ? files.get(name)!.subarray(0, 99) : files.get(name)!);
  assert.equal(await readSound(torn), "'SHA256SUMS' is damaged");
  const lines = new TextDecoder().decode(files.get("SHA256SUMS")).trimEnd().split("\n");
  for (const line of lines) {
    const others = new TextEncoder().encode(lines.filter((other) => other !== line).join("\n"));
    const short = (name: string) =>
      Promise.resolve(name === "SHA256SUMS" ? others : files.get(name)!);
    assert.equal(await readSound(short), `'${line.split("  ")[1]}' is missing`);
  }
});

Deno.test("readSound() passes over no checkpoint that cannot be read now", async () => {
  for (const name of files.keys()) {
    for (const code of ["EIO", "EACCES", "EMFILE", "ESTALE"]) {
      await assert.rejects(readSound(failing(name, systemError(code))), {
        message: `Cannot read a checkpoint as '${name}' must be read: current value is ` +
          `'said ${code}'`,
      });
    }
  }
  const refused = Object.assign(new Error("Requires read access"), { name: "NotCapable" });
  await assert.rejects(readSound(() => Promise.reject(refused)), refused);
});

const find = findPlugins(BUILT_IN);

// deno-lint-ignore no-explicit-any -- what anybody may have written
type Changeable = any;

/** The files with some change to `run.json`. */
function changed(change: (run: Changeable) => void): Files {
  const run = JSON.parse(new TextDecoder().decode(files.get(RUN)));
  change(run);
  return new Map([...files, [RUN, new TextEncoder().encode(JSON.stringify(run))]]);
}

Deno.test("openRun() reads what filesOf() wrote", () => {
  const { best, saved, model, rows } = openRun("run", files, find);
  assert.deepEqual([best, rows, saved.state.step], ["step-00000003-2", 24, 3]);
  assert.equal(typeof saved.state.best, "number");
  model.dispose();
  const without = openRun("run", changed((run) => delete run.best), find);
  assert.equal(without.best, undefined);
  without.model.dispose();
});

Deno.test("openRun() refuses a run that could not go on, and lets go of everything", () => {
  const before = tf.memory().numTensors;
  const changes: Record<string, (run: Changeable) => void> = {
    // The name of a folder: what stands outside that of the run is none of its business.
    "the best is elsewhere": (run) => run.best = "../step-00000003",
    "the best is below": (run) => run.best = "step-00000003/..",
    "the best is no checkpoint": (run) => run.best = "model.json",
    "the best is on two lines": (run) => run.best = "step-00000003\n",
    "the best is a number": (run) => run.best = 3,
    "the best is nothing": (run) => run.best = null,
    "the best score is text": (run) => run.state.best = "-1.5",
    "the best score is nothing": (run) => run.state.best = null,
    "no rows": (run) => run.rows = -1,
    "a fingerprint of another kind": (run) => run.fingerprint = 7,
    "half a step": (run) => run.state.step = 0.5,
    "a rate above 1": (run) => run.state.share = 1.5,
    "a reason of another kind": (run) => run.state.stopped = 1,
    "a callback without a name": (run) => run.state.callbacks = [{ state: 1 }],
    "half a seed": (run) => run.options.seed.pop(),
    "no checkpoints": (run) => delete run.checkpoints,
    "too few sums": (run) => run.state.monitor.sums = [1],
  };
  for (const [what, change] of Object.entries(changes)) {
    assert.throws(
      () => openRun("run", changed(change), find),
      { name: "RangeError", message: /^Cannot resume as 'run\/run\.json' must hold a run: / },
      what,
    );
  }
  assert.throws(
    () => openRun("run", changed((run) => run.version = 2), find),
    /^RangeError: Cannot resume as 'run\/run\.json' must say format 'elbo run' and version 1: /,
  );
  assert.throws(
    () => openRun("run", changed((run) => run.optimizer.weights.push("variable")), find),
    /^RangeError: Cannot resume as 'run\/optimizer\.safetensors' must have 'variable': /,
  );
  assert.equal(tf.memory().numTensors, before);
});
