/**
 * Learns a CSV table with gaps as it is, fills the gaps, and finds the rows that do not fit the others.
 *
 *     deno run --allow-read --allow-write=out examples/table.ts
 *
 * The table is one of people, made here: their age, height and occupation, of which the one tells of
 * the others. Three of ten cells are empty, and one row of fifty is of an age that its occupation does
 * not have. Into the folder go `people.csv`, the table; `filled.csv`, the same without gaps, in its own
 * units and words; `scores.csv`, −log p(x) of every row; `latents.npy`, for NumPy; and `log.csv`, how the
 * training went.
 *
 * --epochs 60     how often to go through the rows
 * --seed 0        another seed, another table and other noise
 * --backend wasm  webgpu, wasm or cpu; the first that starts unless told
 * --out out       the folder of the files, which --allow-write has to name
 *
 * The last line is one JSON object: the root of the mean square error of filled ages in years, beside
 * that of the mean age; the share of filled occupations that are right, beside that of the commonest;
 * and the probability that an odd row scores higher than another one.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- an example is there to be read
import { parseArgs } from "node:util";
import {
  allRows,
  anomalyScores,
  type BackendName,
  callbacks,
  collect,
  embeddings,
  fit,
  fitStandardization,
  imputations,
  likelihoods,
  presets,
  sources,
  standardize,
  unstandardize,
  useBackend,
  writeCsv,
  writeNpy,
} from "../mod.ts";
import { OCCUPATIONS, people } from "./helpers/people.ts";

const { values: flags } = parseArgs({
  options: {
    epochs: { type: "string", default: "60" },
    seed: { type: "string", default: "0" },
    backend: { type: "string" },
    out: { type: "string", default: "out" },
  },
});
const seed = Number(flags.seed), { out } = flags;
await Deno.mkdir(out, { recursive: true });
await useBackend(flags.backend === undefined ? {} : { backend: flags.backend as BackendName });

const { truth, text, isOdd } = people(2000, seed);
await Deno.writeTextFile(`${out}/people.csv`, text);

// In: typed columns, empty cells as a mask, quantities with mean 0 and standard deviation 1.
const columns = { age: "real", height: "real", occupation: OCCUPATIONS } as const;
const table = await collect(sources.csv(`${out}/people.csv`, { columns, missing: [""] }));
const standardization = await fitStandardization(table);
const data = standardize(table, standardization);

const model = presets.tabularVae({
  columns: {
    age: likelihoods.normal(),
    height: likelihoods.normal(),
    occupation: likelihoods.categorical({ categories: OCCUPATIONS.length }),
  },
  latent: 2,
  hidden: [64],
  standardization,
  seed,
});
await fit(model, data, {
  epochs: Number(flags.epochs),
  learningRate: 5e-3,
  callbacks: [callbacks.progressBar(), callbacks.csvLog(`${out}/log.csv`)],
  seed,
});

// Out: nothing here holds more than a batch, however long the table is.
const filled = unstandardize(imputations(model, data, { seed }), standardization);
await writeCsv(`${out}/filled.csv`, filled, { words: { occupation: OCCUPATIONS } });
await writeCsv(`${out}/scores.csv`, anomalyScores(model, data, { seed }));
await writeNpy(`${out}/latents.npy`, embeddings(model, data));

// How good that is, as the truth is known.
const { values: cells } = await allRows(filled);
const { values: scores } = await allRows(anomalyScores(model, data, { seed }));
model.dispose();

const rows = truth.map((person, i) => ({
  ...person,
  ...{ filledAge: cells[3 * i]!, filledOccupation: cells[3 * i + 2]!, score: scores[i]! },
}));
const ages = rows.filter(({ missing }) => missing[0]);
const occupations = rows.filter(({ missing }) => missing[2]);
const [odd, others] = [rows.filter((_, i) => isOdd[i]), rows.filter((_, i) => !isOdd[i])];
const errorOf = (guess: (row: typeof rows[number]) => number) =>
  Math.sqrt(mean(ages.map((row) => (guess(row) - row.age) ** 2)));
const rightOf = (guess: (row: typeof rows[number]) => number) =>
  mean(occupations.map((row) => Number(guess(row) === row.occupation)));

console.log(JSON.stringify({
  ageError: errorOf(({ filledAge }) => filledAge),
  ageErrorOfMean: errorOf(() => standardization.mean[0]!),
  occupationsRight: rightOf(({ filledOccupation }) => filledOccupation),
  occupationsRightOfCommonest: Math.max(...OCCUPATIONS.map((_, code) => rightOf(() => code))),
  oddAboveOthers: mean(
    odd.flatMap((one) => others.map((other) => Number(one.score > other.score))),
  ),
}));

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
