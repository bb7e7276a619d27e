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
