/**
 * The reports of a run as curves in TensorBoard.
 *
 * @module
 */
import type { Callback } from "../../core/callback.ts";
import type { LedgerSummary } from "../../core/ledger.ts";
import { type Events, loadEvents } from "./_event_file.ts";
import { logFile } from "./_log_file.ts";
import { scalarsOf } from "./_scalars.ts";
import { numbersIn } from "./_state.ts";

/** What TensorBoard takes for an event file, wherever its name says `tfevents`. */
const NAME = "events.out.tfevents.0000000000.elbo";

/**
 * Writes event files for `tensorboard --logdir FOLDER`: the objective, the bound and the terms after
 * every epoch, by name and over the steps, in nats per datum; as two runs, `training` and
 * `validation`, so that their curves lie on each other.
 *
 * A new run writes new files. One that is resumed goes on with what was there at its checkpoint; what
 * came after that is cut off, so that no epoch stands there twice. Each epoch is brought to the disk
 * before the run goes on. In Deno this needs `--allow-write` there.
 *
 * @param folder The path of the folder, for this run alone.
 *
 * @example
 * ```ts
 * import { callbacks, dataset, fit, presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [2], latent: 1, hidden: [8] });
 * const bits = dataset([[0, 0], [1, 1]], { support: "binary" });
 * const board = callbacks.tensorBoard("out/board");
 * await fit(model, bits, { epochs: 3, validation: bits, callbacks: [board] });
 * const runs = Array.from(Deno.readDirSync("out/board"), ({ name }) => name);
 * assert.deepEqual(runs.sort(), ["training", "validation"]);
 * model.dispose();
 * ```
 */
export function tensorBoard(folder: string): Callback {
  const training = logFile(`${folder}/training/${NAME}`);
  const validation = logFile(`${folder}/validation/${NAME}`);
  let events: Events | undefined;

  async function add(log: typeof training, step: number, ledger: LedgerSummary): Promise<void> {
    const made = events ??= await loadEvents(), seconds = Date.now() / 1000;
    if (log.length === 0) await log.append(made.start(seconds));
    await log.append(made.scalars(seconds, step, scalarsOf(ledger)));
  }

  return {
    kind: "callback",
    name: "tensorBoard",
    begin: async () => {
      await training.begin();
      await validation.goOn(0);
    },
    epoch: async (report) => {
      await add(training, report.step, report.training);
      if (report.validation !== undefined) await add(validation, report.step, report.validation);
    },
    state: () => ({ training: training.length, validation: validation.length }),
    restore: async (state) => {
      const lengths = numbersIn("tensorBoard", state, ["training", "validation"]);
      await training.goOn(lengths.training);
      await validation.goOn(lengths.validation);
    },
  };
}
