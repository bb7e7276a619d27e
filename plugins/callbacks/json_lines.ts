/**
 * The reports of a run as lines of JSON.
 *
 * @module
 */
import type { Callback } from "../../core/callback.ts";
import { logFile } from "./_log_file.ts";
import { numbersIn } from "./_state.ts";

/**
 * Writes a line of JSON after every epoch: its report, as it stands in the history. Terms are in nats
 * per datum.
 *
 * A new run writes a new file. One that is resumed goes on with the lines from before its checkpoint;
 * those after it are cut off, so that no epoch stands there twice. Each line is brought to the disk
 * before the run goes on. In Deno this needs `--allow-write` there.
 *
 * @param path The path of the file.
 *
 * @example
 * ```ts
 * import { callbacks, dataset, type EpochReport, fit, presets } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [2], latent: 1, hidden: [8] });
 * const bits = dataset([[0, 0], [1, 1]], { support: "binary" });
 * const log = callbacks.jsonLines("out/log.jsonl");
 * const { history } = await fit(model, bits, { epochs: 3, callbacks: [log] });
 * const lines = (await Deno.readTextFile("out/log.jsonl")).trim().split("\n");
 * const reports = lines.map((line): EpochReport => JSON.parse(line));
 * assert.deepEqual(reports, history);
 * model.dispose();
 * ```
 */
export function jsonLines(path: string): Callback {
  const log = logFile(path), encoder = new TextEncoder();
  return {
    kind: "callback",
    name: "jsonLines",
    begin: log.begin,
    epoch: (report) => log.append(encoder.encode(`${JSON.stringify(report)}\n`)),
    state: () => ({ length: log.length }),
    restore: (state) => log.goOn(numbersIn("jsonLines", state, ["length"]).length),
  };
}
