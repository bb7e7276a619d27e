/**
 * A run that may be killed at any moment: it goes on from the newest checkpoint in a folder, or begins
 * there; without a folder it runs from its beginning to its end.
 *
 *     deno run … tests/torture/kill_worker.ts [<folder>]
 *
 * Its lines are JSON objects: `begun` when it trains, with the checkpoints that were not whole, and
 * `end` with a sum of all parameters and of the history.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { createHash } from "node:crypto";
import {
  binarize,
  type Callback,
  callbacks,
  dataset,
  divergences,
  fit,
  type FitOptions,
  newestCheckpoint,
  resume,
  schedules,
  useBackend,
  vae,
} from "../../mod.ts";
import { valuesOf } from "../helpers/parameters.ts";
import { tinyParts } from "../helpers/tiny.ts";

const [folder] = Deno.args;
await useBackend({ backend: "wasm" });

const rows = Array.from(
  { length: 64 },
  (_, row) => Array.from({ length: 6 }, (_, i) => ((7 * row + 3 * i) % 11) / 10),
);
const grey = dataset(rows, { support: "unit" });
const data = binarize(grey, { seed: 5 }), validation = binarize(grey, { threshold: 0.5 });

const beta = schedules.linear({ from: 0, to: 1, steps: 60 });
const model = vae({ ...tinyParts, divergence: divergences.betaKl({ beta }) });
const tell: Callback = {
  kind: "callback",
  name: "tell",
  begin: ({ resumed }) =>
    console.log(JSON.stringify({ begun: true, passedOver: resumed?.passedOver ?? [] })),
};
const watchers = { validation, callbacks: [callbacks.earlyStopping({ patience: 99 }), tell] };
const options: FitOptions<"binary"> = {
  ...watchers,
  epochs: 16,
  batchSize: 8,
  seed: 3,
  learningRate: schedules.cosine({ from: 0.02, to: 0.001, steps: 128 }),
  clip: { norm: 1 },
  average: { decay: 0.9 },
};

const sumOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");

if (folder !== undefined && await newestCheckpoint(folder) !== undefined) {
  const { model, history, steps } = await resume(folder, data, watchers);
  console.log(JSON.stringify({ end: sumOf([valuesOf(model), history, steps]) }));
} else {
  const checkpoints = folder === undefined ? undefined : { folder, everySteps: 1 };
  const { history, steps } = await fit(model, data, { ...options, checkpoints });
  console.log(JSON.stringify({ end: sumOf([valuesOf(model), history, steps]) }));
}
