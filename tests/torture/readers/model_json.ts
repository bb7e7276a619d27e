/**
 * The reader of `model.json`, beside weights that are whole.
 *
 * @module
 */
import { findPlugins, openFiles } from "../../../core/checkpoint/load.ts";
import { MODEL, modelFiles, PARAMETERS } from "../../../core/checkpoint/save.ts";
import { tf } from "../../../core/deps.ts";
import { useBackend } from "../../../mod.ts";
import { BUILT_IN } from "../../../plugins/built_in.ts";
import { smallModels } from "../../helpers/small_models.ts";
import { mutatedJson } from "../inputs.ts";
import type { Reader } from "../reader.ts";

/** The reader; what it reads must let go of every tensor. */
export async function modelJson(): Promise<Reader> {
  await useBackend({ backend: "cpu" });
  const files: ReadonlyMap<string, Uint8Array>[] = [];
  for (const make of Object.values(smallModels)) {
    const model = make();
    files.push(await modelFiles(model));
    model.dispose();
  }
  const seeds = files.map((file) => new Uint8Array(file.get(MODEL)!));
  const values = seeds.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)));
  const find = findPlugins(BUILT_IN);
  return {
    name: "model.json",
    seeds,
    tokens: ['"$plugin":', '"kind":', '"options":', '"mlp"', '"version":1', '"data":[9]'],
    inputs: mutatedJson(values).map(({ seed, text }) => ({
      seed,
      bytes: new TextEncoder().encode(text),
    })),
    read: async ({ bytes, seed }) => {
      const weights = files[seed]!.get(PARAMETERS)!;
      const both = new Map([[MODEL, bytes], [PARAMETERS, weights]]);
      const model = await openFiles("model", both, find);
      model.summary();
      model.dispose();
    },
    left: () => tf.memory().numTensors,
  };
}
