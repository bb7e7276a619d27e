/**
 * A run that Ctrl-C ends: it says when it has begun, and how it ended.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { type Callback, fit } from "../../mod.ts";
import { tinyData, tinyModel } from "../helpers/tiny.ts";

const [folder] = Deno.args as [string];
const controller = new AbortController();
const abort = () => controller.abort();
Deno.addSignalListener("SIGINT", abort);
const tell: Callback = {
  kind: "callback",
  name: "tell",
  step: ({ step }) => void (step === 10 && console.log("{}")),
};
const model = tinyModel();
const { steps, stopped } = await fit(model, tinyData(), {
  steps: 1e6,
  batchSize: 16,
  checkpoints: { folder, everySteps: 1e6, keepBest: false },
  callbacks: [tell],
  signal: controller.signal,
});
Deno.removeSignalListener("SIGINT", abort);
model.dispose();
console.log(JSON.stringify({ steps, stopped }));
