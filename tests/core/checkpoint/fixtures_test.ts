import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { VERSION } from "../../../core/version.ts";
import { load, readSafetensors, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { smallModels } from "../../helpers/small_models.ts";

await useBackend({ backend: "cpu" });

const FOLDER = "tests/fixtures/models";

/** The models of every version, with the file of their numbers. */
async function stored(): Promise<readonly (readonly [model: string, numbers: string])[]> {
  const found: [string, string][] = [];
  for await (const { name: version, isDirectory } of Deno.readDir(FOLDER)) {
    if (!isDirectory) continue;
    for await (const { name } of Deno.readDir(`${FOLDER}/${version}`)) {
      if (name.endsWith(".numbers.safetensors")) continue;
      const path = `${FOLDER}/${version}/${name}`;
      found.push([path, path.replace(/(\.safetensors)?$/, ".numbers.safetensors")]);
    }
  }
  return found;
}

Deno.test("models of this version and of earlier ones open, and say the same of data", async () => {
  const models = await stored();
  assert(models.length > 16, `${models.length}`);
  for (const [path, numbers] of models) {
    const model = await load(path);
    const { tensors } = await readSafetensors(numbers);
    tf.tidy(() => {
      const tensorOf = (name: string) => {
        const found = tensors.get(name);
        return found && tf.tensor(found.values, [...found.shape]);
      };
      const input = { x: tensorOf("x")!, condition: tensorOf("condition") };
      const { nats } = model.logLikelihood(input, { seed: 4, samples: 10 });
      assertClose(nats, tensorOf("nats")!, { absolute: 1e-4, relative: 1e-5 });
    });
    if (path.includes("standardized")) {
      const { mean, scale } = model.standardization!;
      assert.deepEqual([mean, scale], [[0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6]]);
    }
    model.dispose();
  }
});

Deno.test("there are models of this version, which is that of the package", async () => {
  const { version } = JSON.parse(await Deno.readTextFile("deno.json"));
  assert.equal(VERSION, version);
  for (const name of Object.keys(smallModels)) {
    await Deno.stat(`${FOLDER}/${VERSION}/${name}.safetensors`);
  }
});
