/**
 * Fills in what is missing in tables, and says how far that is from what stood there.
 *
 *     deno task bench:missing --data DATA
 *
 * --data DATA              the folder that holds adbench/
 * --steps 1000             training steps of each model, of 128 rows
 * --missing 0.3            the share of the entries that are removed, at random
 * --importance-samples 100 draws of the latent for each row
 * --seed 0                 another seed
 *
 * Columns are standardized, so that errors are in standard deviations. Every fifth row is a test row.
 * A missing entry is predicted by its mean given what was observed of its row, as `imputations` has it.
 * The models differ in what they are trained on: `withGaps` on all rows as they are, with a mask;
 * `wholeRows` on those rows alone in which nothing is missing, where there are enough; `complete` on
 * all rows before anything was removed, to compare with. Rows without a gap are shown to these two
 * several times, each time with gaps of their own: else their encoders would never see one. The last
 * line is one JSON object.
 *
 * @module
 */
import { randomWords, toUnit } from "../core/random.ts";
import {
  allRows,
  type ArrayDataset,
  dataset,
  divergences,
  fit,
  imputations,
  likelihoods,
  networks,
  posteriors,
  priors,
  type Seed,
  seed,
  vae,
} from "../mod.ts";
import { readTable, standardize } from "./data/anomalies.ts";
import type { Rows } from "./data/files.ts";
import { hush, say } from "./progress.ts";
import { readFlags, report, start, type StudyRow } from "./study.ts";

const flags = readFlags({
  data: "data",
  steps: 1000,
  missing: 0.3,
  "importance-samples": 100,
  seed: 0,
});
const { steps, missing: share, "importance-samples": samples } = flags;
const root = seed(flags.seed);

const TABLES = ["breastw", "cardio", "mammography", "pendigits", "satellite", "shuttle", "thyroid"];
const EVERY = 5, COPIES = 8, LATENT = 8, ENOUGH = 100;

/** 1 for each entry that stays and 0 for one that is removed; of every row something stays. */
function maskOf(rows: Rows, noise: Seed): Rows {
  const width = rows[0]!.length, words = randomWords(noise, rows.length * width);
  return rows.map((row, i) => {
    const mask = row.map((_, column) => Number(toUnit(words[i * width + column]!) >= share));
    if (!mask.includes(1)) mask[words[i * width]! % width] = 1;
    return mask;
  });
}

const withGaps = (rows: Rows, mask: Rows): ArrayDataset<"real"> =>
  dataset(rows, { support: "real", mask });

/** Rows without a gap, each several times with other gaps. */
function withOtherGaps(rows: Rows, noise: Seed): ArrayDataset<"real"> {
  const copies = Array.from({ length: COPIES }, () => rows).flat();
  return withGaps(copies, maskOf(copies, noise));
}

/** Trains a model and returns the test rows as it fills them in, one after the other. */
async function imputed(
  data: ArrayDataset<"real">,
  test: ArrayDataset<"real">,
): Promise<Float32Array> {
  const network = networks.mlp({ hidden: [128] });
  const model = vae({
    data: data.shape,
    latent: LATENT,
    encoder: network,
    decoder: network,
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.normal(),
    divergence: divergences.kl(),
    seed: root,
  });
  await fit(model, data, { steps, seed: root });
  const { values } = await allRows(imputations(model, test, { seed: root, samples }));
  model.dispose();
  return values;
}

/** The root of the mean square of what was predicted for missing entries minus what stood there. */
function errorOf(predicted: ArrayLike<number>, truth: Rows, mask: Rows): number {
  const squares = truth.flatMap((row, i) =>
    row.flatMap((value, column) =>
      mask[i]![column] === 0 ? [(predicted[i * row.length + column]! - value) ** 2] : []
    )
  );
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

/** The mean of what was observed of each column. */
function columnMeans(rows: Rows, mask: Rows): readonly number[] {
  return rows[0]!.map((_, column) => {
    const seen = rows.filter((_, i) => mask[i]![column] === 1).map((row) => row[column]!);
    return seen.reduce((sum, value) => sum + value, 0) / seen.length;
  });
}

await start();
const results: StudyRow[] = [];
for (const table of TABLES) {
  const { rows: all } = await readTable(flags.data, table);
  const { train, test } = standardize({
    train: all.filter((_, i) => i % EVERY !== 0),
    test: all.filter((_, i) => i % EVERY === 0),
  });
  const noise = root.split(table);
  const mask = maskOf(train, noise.split("train")), testMask = maskOf(test, noise.split("test"));
  const testData = withGaps(test, testMask);
  const whole = train.filter((_, i) => mask[i]!.every((seen) => seen === 1));
  const means = columnMeans(train, mask);
  const error = async (name: string, data: ArrayDataset<"real">): Promise<number> => {
    say(`${table}, ${name}`);
    return errorOf(await imputed(data, testData), test, testMask);
  };
  results.push({
    table,
    rows: train.length,
    columns: means.length,
    wholeRowsLeft: whole.length,
    columnMean: errorOf(test.flatMap(() => means), test, testMask),
    wholeRows: whole.length < ENOUGH
      ? null
      : await error("rows without a gap", withOtherGaps(whole, noise.split("whole"))),
    withGaps: await error("rows with gaps", withGaps(train, mask)),
    complete: await error("complete rows", withOtherGaps(train, noise.split("complete"))),
  });
}
hush();
report(`Error of missing entries in standard deviations, after ${steps} steps`, results);
