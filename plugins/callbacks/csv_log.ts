/**
 * The reports of a run as a table.
 *
 * @module
 */
import type { Callback, EpochReport } from "../../core/callback.ts";
import { quoted } from "../../core/data/write_csv.ts";
import { logFile } from "./_log_file.ts";
import { scalarsOf } from "./_scalars.ts";
import { numbersIn } from "./_state.ts";

/** The cells of an epoch by column. */
function cellsOf({ epoch, step, training, validation }: EpochReport): Map<string, number> {
  const ledgers = Object.entries({ training, validation }).flatMap(([part, ledger]) =>
    ledger === undefined
      ? []
      : Array.from(scalarsOf(ledger), ([name, nats]) => [`${part}.${name}`, nats] as const)
  );
  return new Map([["epoch", epoch], ["step", step], ...ledgers]);
}

/**
 * Writes a line of a CSV file after every epoch: `epoch`, `step`, and the objective, the bound and the
 * terms of `training` and `validation` by name, in nats per datum: `training.ELBO`,
 * `training.reconstruction`. The first line has the names.
 *
 * A new run writes a new file. One that is resumed goes on with the lines from before its checkpoint;
 * those after it are cut off, so that no epoch stands there twice. Each line is brought to the disk
 * before the run goes on. In Deno this needs `--allow-write` there.
 *
 * @param path The path of the file.
 *
 * @example
 * ```ts
 * import { callbacks, dataset, fit, presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [2], latent: 1, hidden: [8] });
 * const bits = dataset([[0, 0], [1, 1]], { support: "binary" });
 * await fit(model, bits, { epochs: 3, callbacks: [callbacks.csvLog("out/log.csv")] });
 * const [names, ...lines] = (await Deno.readTextFile("out/log.csv")).trim().split("\n");
 * assert.match(names!, /^epoch,step,training.objective,training.ELBO,training.reconstruction,/);
 * assert.equal(lines.length, 3);
 * model.dispose();
 * ```
 */
export function csvLog(path: string): Callback {
  const log = logFile(path), encoder = new TextEncoder();
  return {
    kind: "callback",
    name: "csvLog",
    begin: log.begin,
    epoch: (report) => {
      // All epochs of a run have the same columns.
      const cells = cellsOf(report), names = [...cells.keys()].map(quoted);
      const lines = [...(log.length === 0 ? [names] : []), [...cells.values()]];
      return log.append(encoder.encode(lines.map((line) => `${line.join(",")}\n`).join("")));
    },
    state: () => ({ length: log.length }),
    restore: (state) => log.goOn(numbersIn("csvLog", state, ["length"]).length),
  };
}
