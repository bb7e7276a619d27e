/**
 * Measures how fast log p(x) is estimated by importance sampling, by Elbo and by PyTorch: 5,000
 * samples for every row of random bits, by the model of `step.ts`.
 *
 *     deno task bench:evidence --rows 1000
 *
 * --rows 1000        the rows in all, which are spread over the rounds
 * --samples 5000     the importance samples for each
 * --rounds 8         the rounds, in each of which every variant has a turn
 * --variants pytorch only these
 *
 * Elbo runs `evaluate`, which computes the ELBO of the rows too. Speeds are medians over rounds,
 * ratios are medians of the ratios within each round. The last line is one JSON object.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- a benchmark is there to be read
import { parseArgs } from "node:util";
import { measure } from "./driver.ts";
import { hush, say } from "./progress.ts";
import { rounded, typicalRatio, typicalTime } from "./statistics.ts";
import { remarks, table } from "./table.ts";
import { chosen, ours, torch } from "./variants.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "1000" },
    samples: { type: "string", default: "5000" },
    rounds: { type: "string", default: "8" },
    variants: { type: "string" },
  },
});
const rounds = Number(flags.rounds), samples = Number(flags.samples);
const rowsOfRound = Math.ceil(Number(flags.rows) / rounds);

const args = [String(rowsOfRound), flags.samples];
const all = [...ours("elbo_evidence.ts", args), torch("torch_evidence.py", args)];
const measured = await measure(chosen(all, flags.variants), { rounds, steps: 1, say });
const { results } = measured;
hush();

const peer = results.find((result) => result.name === "pytorch");
const rows = results.map((result) => {
  const times = "turns" in result ? result.turns : undefined;
  const milliseconds = times === undefined ? null : typicalTime(times);
  return {
    variant: result.name,
    rows: rowsOfRound * rounds,
    samples,
    samplesPerSecond: rounded(milliseconds && rowsOfRound * samples * 1000 / milliseconds),
    secondsPerThousandRows: rounded(milliseconds && milliseconds / rowsOfRound),
    toTorch: rounded(times && peer && "turns" in peer ? typicalRatio(times, peer.turns) : null),
  };
});
console.log(`log p(x) of ${rowsOfRound * rounds} rows of random bits, ${samples} samples each`);
console.log(table(
  ["variant", "samples/s", "s for 1,000 rows", "× pytorch"],
  rows.map((row) => [row.variant, row.samplesPerSecond, row.secondsPerThousandRows, row.toTorch]),
));
console.log(remarks(measured));
console.log(JSON.stringify({ rows }));
