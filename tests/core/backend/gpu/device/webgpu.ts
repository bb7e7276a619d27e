/**
 * Looks at the device of WebGPU while it trains, and prints what it found; a program of its own, as graphics
 * drivers have been seen to bring a process down when it ends.
 *
 *     deno run --allow-read --allow-write tests/core/backend/gpu/device/webgpu.ts [--all]
 *
 * @module
 */
// deno-lint-ignore-file no-console
import {
  type Callback,
  DeviceLostError,
  fit,
  type FitOptions,
  load,
  newestCheckpoint,
  resume,
  useBackend,
  type Vae,
} from "../../../../../mod.ts";
import { tinyData, tinyModel } from "../../../../helpers/tiny.ts";
import { reasonAgainstWebgpu } from "../adapter.ts";
import { observeDevice } from "./device.ts";
import { loseDevice, valuesOf } from "./lost.ts";

/** Whether a run whose device is lost leaves checkpoints that another backend goes on from. */
async function keeps(): Promise<Record<string, boolean>> {
  const folder = await Deno.makeTempDir(), data = tinyData();
  try {
    await useBackend({ backend: "webgpu" });
    const model = tinyModel();
    let kept = "";
    const step: Callback["step"] = async ({ step }) => {
      if (step === 40) kept = await valuesOf(model);
      if (step === 45) loseDevice();
    };
    const options: FitOptions<"binary"> = {
      steps: 5000,
      batchSize: 16,
      checkpoints: { folder, everySteps: 20, keepBest: false },
      callbacks: [{ kind: "callback", name: "lose", step }],
    };
    const error = await fit(model, data, options).then(() => undefined, (error) => error);
    model.dispose();
    const newest = `${folder}/step-00000040`;
    const so: Record<string, boolean> = {
      error: error instanceof DeviceLostError && error.checkpoint === newest,
      newest: await newestCheckpoint(folder) === newest,
    };
    await useBackend({ backend: "wasm" });
    const loaded = await load(newest) as Vae;
    so.same = await valuesOf(loaded) === kept;
    loaded.dispose();
    const run = await resume(folder, data, { steps: 60 });
    so.resumes = run.steps === 60 && /step-00000060$/.test(run.checkpoints.newest);
    run.model.dispose();
    return so;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const skipped = await reasonAgainstWebgpu();
if (skipped !== undefined) {
  console.log(JSON.stringify({ skipped }));
} else {
  const found = await observeDevice("webgpu", "wasm", !Deno.args.includes("--all"));
  console.log(JSON.stringify({ ...found, lost: { ...found.lost, ...await keeps() } }));
}
