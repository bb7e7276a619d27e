import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  type Callback,
  CheckpointError,
  fit,
  newestCheckpoint,
  resume,
  save,
  useBackend,
} from "../../../mod.ts";
import { valuesOf } from "../../helpers/parameters.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

const namesIn = (folder: string): string[] =>
  Array.from(Deno.readDirSync(folder), ({ name }) => name).toSorted();

/** Renames the checkpoint of the fourth step after the fifth. */
const renameFourth = (folder: string, name: string): Callback => ({
  kind: "callback",
  name: "rename",
  step: async ({ step }) => {
    if (step === 5) await Deno.rename(`${folder}/step-00000004`, `${folder}/${name}`);
  },
});

Deno.test("a checkpoint that cannot be removed does not end a run, and is removed later", () =>
  inFolder(async (folder) => {
    // What is removed is renamed first, and no system knows names of 256 letters.
    const stuck = `step-${"4".padStart(246, "0")}`;
    const model = tinyModel();
    const { steps, checkpoints } = await fit(model, tinyData(), {
      epochs: 3,
      batchSize: 16,
      checkpoints: { folder, everySteps: 4, keep: 1, keepBest: false },
      callbacks: [renameFourth(folder, stuck)],
    });
    model.dispose();
    assert.deepEqual([steps, checkpoints], [12, { newest: `${folder}/step-00000012` }]);
    assert.deepEqual(namesIn(folder), [stuck, "step-00000012"]);

    await Deno.rename(`${folder}/${stuck}`, `${folder}/${stuck.slice(0, -1)}`);
    const resumed = await resume(folder, tinyData(), { epochs: 4 });
    assert.equal(resumed.steps, 16);
    assert.deepEqual(namesIn(folder), ["step-00000016"]);
    resumed.model.dispose();
  }));

Deno.test("what could not be kept is handed on, with its averages", () =>
  inFolder(async (folder) => {
    const options = { batchSize: 16, average: { decay: 0.9 } };
    const reference = tinyModel();
    await fit(reference, tinyData(), { ...options, steps: 6 });
    const averages = valuesOf(reference);
    reference.dispose();

    let ends = 0;
    /** Puts a file where the folder of the run was. */
    const replace: Callback = {
      kind: "callback",
      name: "replace",
      step: async ({ step }) => {
        if (step !== 5) return;
        await Deno.rename(`${folder}/run`, `${folder}/moved`);
        await Deno.writeTextFile(`${folder}/run`, "no folder");
      },
      end: () => void ends++,
    };
    const model = tinyModel(), before = tf.memory().numTensors;
    const error = await fit(model, tinyData(), {
      ...options,
      steps: 12,
      checkpoints: { folder: `${folder}/run`, everySteps: 3, keepBest: false },
      callbacks: [replace],
    }).catch((error) => error);
    assert(error instanceof CheckpointError, String(error));
    assert.match(error.message, /^Cannot write a checkpoint as 'out\/.*\/run' must be a folder /);
    assert.equal(error.model, model);
    assert.equal(model.progress.step, 5, "six steps were taken");
    assert.deepEqual(valuesOf(model), averages);
    assert.deepEqual([ends, tf.memory().numTensors], [1, before]);

    // It is one to be used, and the run goes on from where it was kept.
    await save(model, `${folder}/elsewhere`);
    model.dispose();
    assert.equal(await newestCheckpoint(`${folder}/moved`), `${folder}/moved/step-00000003`);
    const resumed = await resume(`${folder}/moved`, tinyData(), { steps: 6 });
    assert.deepEqual(valuesOf(resumed.model), averages);
    resumed.model.dispose();
  }));

Deno.test("a folder is held by one run at a time, and let go however the run ends", () =>
  inFolder(async (folder) => {
    const data = tinyData(), model = tinyModel(), refused: unknown[] = [];
    const options = { epochs: 2, batchSize: 16, checkpoints: { folder, keep: 1 } };
    const again = { ...options, checkpoints: { folder: `${folder}/../${folder.slice(4)}` } };
    const message = (action: string, folder: string): string =>
      `Cannot ${action} as no other run may go on in '${folder}': current value is 'one does'`;
    /** Tries to go on with the run while it goes on, and ends it the hard way. */
    const meddle: Callback = {
      kind: "callback",
      name: "meddle",
      step: async ({ step }) => {
        if (step !== 6) return;
        for (const other of [() => fit(model, data, again), () => resume(folder, data)]) {
          refused.push(await other().catch(({ message }) => message));
        }
        assert.equal(
          await newestCheckpoint(folder),
          `${folder}/step-00000004`,
          "reading may go on",
        );
        throw new Error("enough");
      },
    };
    await assert.rejects(fit(model, data, { ...options, callbacks: [meddle] }), /^Error: enough$/);
    assert.deepEqual(refused, [
      message("fit", again.checkpoints.folder),
      message("resume", folder),
    ]);
    model.dispose();
    const { model: resumed, steps } = await resume(folder, data);
    assert.equal(steps, 8);
    resumed.dispose();
    await assert.rejects(resume(folder, tinyData(32)), /must have 64 rows/);
    (await resume(folder, data)).model.dispose();
  }));

Deno.test("a folder that another process holds is let go when that process is killed", () =>
  inFolder(async (folder) => {
    const program = new Deno.Command("deno", {
      args: [
        ...["run", "--quiet", "--allow-read", `--allow-write=${folder}`],
        ...["--lock=tests/deno.lock", "tests/core/training/endless_run.ts", folder],
      ],
      stdout: "piped",
    }).spawn();
    try {
      const reader = program.stdout.getReader();
      await reader.read(); // It has a checkpoint, and goes on.
      await reader.cancel();
      await assert.rejects(resume(folder, tinyData()), /no other run may go on in/);
    } finally {
      program.kill("SIGKILL");
      await program.status;
    }
    const { model, stopped } = await resume(folder, tinyData(), { epochs: 1 });
    assert.equal(stopped, "epochs");
    model.dispose();
  }));

Deno.test("places that no run can be kept in are refused before the first step", () =>
  inFolder(async (folder) => {
    const file = `${folder}/file`, model = tinyModel(), data = tinyData();
    await Deno.writeTextFile(file, "");
    await Deno.symlink("loop", `${folder}/loop`);
    await Deno.symlink("nothing", `${folder}/gone`);
    // deno-lint-ignore no-explicit-any -- as an untyped caller
    const any = (value: unknown) => value as any;
    const step = () => assert.fail("a step was taken");
    const watch: Callback = { kind: "callback", name: "watch", step };
    const places: readonly (readonly [string, RegExp])[] = [
      [file, /^RangeError: Cannot fit as 'out\/.*\/file' must be a folder that can be read: curr/],
      [
        `${file}/run`,
        /^RangeError: Cannot fit as 'out\/.*\/run' must be a folder that can be read/,
      ],
      [`${folder}/loop/run`, /^RangeError: Cannot fit as '.*' must be a folder that can be read: /],
      [
        `${folder}/${"long".repeat(99)}`,
        /^RangeError: Cannot fit as '.*' must be a folder that ca/,
      ],
      [`${folder}/\0`, /^RangeError: Cannot (fit|write '.*') as /],
      [`${folder}/gone`, /^RangeError: Cannot write 'out\/.*\/gone' as it/],
      ["", /^TypeError: Cannot fit as 'checkpoints.folder' must be a path: current value is ''$/],
      [
        any(new URL("file:///run")),
        /^TypeError: Cannot fit as 'checkpoints.folder' must be a path/,
      ],
    ];
    for (const [place, message] of places) {
      const options = { callbacks: [watch], checkpoints: { folder: place } };
      await assert.rejects(fit(model, data, options), message);
    }
    for (const [place, message] of places.slice(0, 4)) {
      const said = new RegExp(message.source.replace("Cannot fit", "Cannot resume"));
      await assert.rejects(resume(place, data), said);
      const found = new RegExp(message.source.replace("Cannot fit", "Cannot find a checkpoint"));
      await assert.rejects(newestCheckpoint(place), found);
    }
    await assert.rejects(
      resume(any(undefined), data),
      /^TypeError: Cannot resume as the folder of the run must be a path: current value is undefi/,
    );
    assert.deepEqual(namesIn(folder), ["file", "gone", "loop"]);
    model.dispose();
  }));
