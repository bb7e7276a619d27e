/**
 * A run whose disk misbehaves: it is begun, goes on where nothing can be written, and ends.
 *
 *     deno run … tests/torture/disk_worker.ts begin|fail|end <folder of the run> <folder elsewhere>
 *
 * The last line is one JSON object.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import {
  type Callback,
  CheckpointError,
  divergences,
  fit,
  load,
  networks,
  newestCheckpoint,
  resume,
  save,
  vae,
} from "../../mod.ts";
import { valuesOf } from "../helpers/parameters.ts";
import { tinyData, tinyParts } from "../helpers/tiny.ts";

const [act, folder, elsewhere] = Deno.args as [string, string, string];

/** Some hundred kilobytes of parameters. */
const encoder = networks.mlp({ hidden: [120, 120] });
const model = vae({ ...tinyParts, encoder, divergence: divergences.kl() });
const options = { epochs: 4, batchSize: 16 };
const checkpoints = { folder, everySteps: 2, keepBest: false };

async function begin(): Promise<object> {
  const whole = await fit(model, tinyData(), options);
  const values = String(Object.values(valuesOf(model)));
  await Deno.writeTextFile(`${elsewhere}/values.txt`, values);

  const other = vae({ ...tinyParts, encoder, divergence: divergences.kl() });
  const controller = new AbortController();
  const abort: Callback = {
    kind: "callback",
    name: "abort",
    step: ({ step }) => void (step === 5 && controller.abort()),
  };
  await fit(other, tinyData(), {
    ...options,
    checkpoints,
    callbacks: [abort],
    signal: controller.signal,
  });
  return { steps: whole.steps };
}

async function fail(): Promise<object> {
  const before = await newestCheckpoint(folder);
  try {
    await resume(folder, tinyData());
    return { error: "none" };
  } catch (error) {
    const { name, message } = error as Error;
    const after = await newestCheckpoint(folder);
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    const left = names.filter((name) => name.endsWith(".part"));
    if (!(error instanceof CheckpointError)) return { name, message, before, after, left };
    // The model of the run is not lost.
    await save(error.model, `${elsewhere}/model`);
    const same = await load(`${elsewhere}/model`);
    const saved = String(Object.values(valuesOf(same))) ===
      String(Object.values(valuesOf(error.model)));
    return { name, message, before, after, left, saved };
  }
}

async function end(): Promise<object> {
  const { model, steps } = await resume(folder, tinyData());
  const values = await Deno.readTextFile(`${elsewhere}/values.txt`);
  return { steps, exact: String(Object.values(valuesOf(model))) === values };
}

const acts: { readonly [act: string]: () => Promise<object> } = { begin, fail, end };
console.log(JSON.stringify(await acts[act]!()));
