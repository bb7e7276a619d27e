import assert from "node:assert/strict";
import { VERSION } from "../../../core/version.ts";
import { readSafetensors, resume, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { keptRun } from "../../helpers/kept_run.ts";
import { inFolder } from "../../helpers/run.ts";

await useBackend({ backend: "cpu" });

const FOLDER = "tests/fixtures/runs";

Deno.test("runs go on that were begun with this version and those before", async (t) => {
  const entries = await Array.fromAsync(Deno.readDir(FOLDER));
  const versions = entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  assert(versions.includes(VERSION), `${FOLDER}/write.ts has to be run for ${VERSION}`);
  for (const version of versions) {
    await t.step(version, () =>
      inFolder(async (folder) => {
        const name = "step-00000006", from = `${FOLDER}/${version}`;
        await Deno.mkdir(`${folder}/${name}`);
        for (const { name: file } of Deno.readDirSync(`${from}/${name}`)) {
          await Deno.copyFile(`${from}/${name}/${file}`, `${folder}/${name}/${file}`);
        }
        const { validation, callbacks } = keptRun.options();
        const { model, steps, history } = await resume(folder, keptRun.data(), {
          validation,
          callbacks,
        });
        assert.deepEqual([steps, history.length], [16, 4]);
        const end = await readSafetensors(`${from}/end.safetensors`);
        for (const [path, variable] of model.parameters) {
          assertClose(variable, end.tensors.get(path)!.values, { absolute: 1e-5 });
        }
        model.dispose();
      }));
  }
});
