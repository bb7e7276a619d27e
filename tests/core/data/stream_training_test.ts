import assert from "node:assert/strict";
import {
  binarize,
  callbacks,
  divergences,
  fit,
  schedules,
  sources,
  split,
  stream,
  type StreamDataset,
  vae,
} from "../../../mod.ts";
import { onBackends } from "../../helpers/backends.ts";
import { gzip, idxFile } from "../../helpers/file_bytes.ts";
import { interrupted, type RunParts, straight } from "../../helpers/interrupted.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyModel, tinyParts } from "../../helpers/tiny.ts";

/** Grey rows in a file that can be read anywhere, or in one that cannot, binarized in every epoch. */
const file = idxFile([60, 6], Array.from({ length: 360 }, (_, i) => (i * i * 7) % 256));

async function greyBits(packed: boolean): Promise<StreamDataset<"binary">> {
  const source = sources.idx(packed ? await gzip(file) : file);
  const grey = await stream(source, { support: "unit", scale: 1 / 255, shuffleBuffer: 16 });
  return binarize(grey, { seed: 5 });
}

onBackends(
  "a run on a stream that is interrupted and resumed ends bit for bit like one that is not",
  () =>
    inFolder(async (folder) => {
      for (const packed of [false, true]) {
        const { train, validation } = split(
          await greyBits(packed),
          { train: 0.7, validation: 0.3 },
          { seed: 2 },
        );
        const beta = schedules.linear({ from: 0, to: 1, steps: 12 });
        const parts: RunParts<"binary"> = {
          model: () => vae({ ...tinyParts, divergence: divergences.betaKl({ beta }) }),
          data: () => train,
          options: () => ({
            epochs: 5,
            batchSize: 8,
            seed: 3,
            validation,
            callbacks: [callbacks.earlyStopping({ patience: 3 })],
          }),
        };
        const whole = await straight(parts);
        for (const stops of [[1], [4, 9], [6, 7]]) {
          const outcome = await interrupted(parts, `${folder}/${packed} ${stops}`, stops);
          assert.deepEqual(outcome, whole, `stopped after ${stops}`);
        }
      }
    }),
);

onBackends("fit() trains on a stream as long as it lasts", async () => {
  const model = tinyModel(), data = await greyBits(true);
  const { steps, history } = await fit(model, data, { epochs: 3, batchSize: 16 });
  assert.deepEqual([steps, history.length], [12, 3]);
  // A source that does not know its size is gone through by steps.
  const rows = () => Array.from({ length: 20 }, (_, i) => [i % 2, 1, 0, 1, 0, 1]);
  const unknown = await stream(sources.from(rows, { shape: [6] }), { support: "binary" });
  const by = await fit(model, unknown, { steps: 7, batchSize: 8 });
  assert.deepEqual([by.steps, by.history.length], [7, 3]);
  await assert.rejects(fit(model, unknown, { epochs: 1 }), /'steps' must be given for data/);
  model.dispose();
});
