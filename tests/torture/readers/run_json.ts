/**
 * The reader of `run.json`, beside the other files of a checkpoint, which are whole.
 *
 * @module
 */
import { findPlugins } from "../../../core/checkpoint/load.ts";
import { tf } from "../../../core/deps.ts";
import type { Files } from "../../../core/files/write.ts";
import { planOf } from "../../../core/training/options.ts";
import { filesOf, openRun } from "../../../core/training/run_files.ts";
import { RUN } from "../../../core/training/run_json.ts";
import type { Saved } from "../../../core/training/saved.ts";
import { train } from "../../../core/training/train.ts";
import { callbacks, type FitOptions, schedules, useBackend } from "../../../mod.ts";
import { BUILT_IN } from "../../../plugins/built_in.ts";
import { tinyData, tinyModel } from "../../helpers/tiny.ts";
import { mutatedJson } from "../inputs.ts";
import type { Reader } from "../reader.ts";

/** The files of some runs in their second epoch. */
async function runs(): Promise<readonly Files[]> {
  const all: readonly FitOptions<"binary">[] = [
    { steps: 6 },
    {
      epochs: 3,
      learningRate: schedules.linear({ from: 0.1, to: 0, steps: 9 }),
      clip: { norm: 1, value: 2 },
      average: { decay: 0.9 },
      accumulate: 2,
      rollback: { attempts: 1 },
    },
  ];
  const data = tinyData(24), files: Files[] = [];
  for (const options of all) {
    const model = tinyModel(), plan = planOf({ ...options, batchSize: 4 }, data);
    const watchers = { callbacks: [callbacks.earlyStopping({ patience: 2 })] };
    const kept = { best: "step-00000004", checkpoints: { everySteps: 4 } };
    const facts = { plan, data, fingerprint: "", watchers, ...kept };
    const keep = async (saved: Saved) => void files.push(await filesOf(model, saved, facts));
    await train(model, data, plan, watchers, {
      keeper: { everySteps: 4, keepBest: false, keep, paths: () => undefined },
    });
    model.dispose();
  }
  return files;
}

/** The reader; what it reads must let go of every tensor. */
export async function runJson(): Promise<Reader> {
  await useBackend({ backend: "cpu" });
  const files = await runs();
  const seeds = files.map((file) => new Uint8Array(file.get(RUN)!));
  const values = seeds.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)));
  const find = findPlugins(BUILT_IN);
  return {
    name: "run.json",
    seeds,
    tokens: [
      '"$number":',
      '"state":',
      '"monitor":',
      '"sums":',
      '"weights":',
      '"options":',
      '"clip":',
    ],
    inputs: mutatedJson(values).map(({ seed, text }) => ({
      seed,
      bytes: new TextEncoder().encode(text),
    })),
    read: ({ bytes, seed }) => {
      const run = openRun("step", new Map([...files[seed]!, [RUN, bytes]]), find);
      try {
        planOf({ ...run.options, checkpoints: { ...run.checkpoints, folder: "run" } }, {
          size: run.rows,
        });
      } finally {
        run.model.dispose();
      }
    },
    left: () => tf.memory().numTensors,
  };
}
