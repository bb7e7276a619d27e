/**
 * A run without an end.
 *
 *     deno run … tests/core/training/endless_run.ts <folder>
 *
 * It prints a line when it has its first checkpoint.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { type Callback, fit } from "../../../mod.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";

const say: Callback = {
  kind: "callback",
  name: "say",
  step: ({ step }) => {
    if (step === 5) console.log("there is a checkpoint");
  },
};
await fit(tinyModel(), tinyData(), {
  epochs: 1e9,
  batchSize: 16,
  checkpoints: { folder: Deno.args[0]!, everySteps: 4 },
  callbacks: [say],
});
