/**
 * Compares likelihoods of counts on the expression of genes in cells, and draws the cells on a plane.
 *
 *     deno task bench:counts --data DATA
 *
 * --data DATA              the folder that holds starmap/
 * --steps 1000             training steps of each model, of 128 cells
 * --latent 10              latents of the models that are compared; those of the picture are two
 * --importance-samples 200 for log p(x) of each test cell
 * --seed 0                 another seed
 * --out out                the folder of the picture, which --allow-write has to name
 *
 * Every fifth cell is a test cell. Every model is told the batch of a cell, and as its offset the log of
 * its mean count, so that the decoder is left with how the counts are spread over the genes.
 * Lopez, Regier, Cole, Jordan and Yosef, "Deep generative modeling for single-cell transcriptomics",
 * Nature Methods 15, 2018. `cells.svg` has the test cells at the means of q(z|x), coloured by types
 * that no model was told. The last line is one JSON object.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { tf } from "../core/tf.ts";
import {
  type ArrayDataset,
  dataset,
  divergences,
  fit,
  type Heads,
  type Likelihood,
  likelihoods,
  networks,
  posteriors,
  priors,
  type Reparameterized,
  sources,
  type Vae,
  vae,
  type WithMean,
} from "../mod.ts";
import { pathOf, rowsOf } from "./data/files.ts";
import { hush, say } from "./progress.ts";
import { budgetOf, readFlags, report, score, start, type StudyRow } from "./study.ts";

const flags = readFlags({
  data: "data",
  steps: 1000,
  latent: 10,
  "importance-samples": 200,
  seed: 0,
  out: "out",
});
const budget = budgetOf(flags);

const EVERY = 5;

/** What is known of a cell beside its counts. */
const BATCHES = ["0", "1", "2"], TYPE = "cluster";

interface Cell {
  readonly type: string;
  readonly batch: readonly number[];
  readonly counts: readonly number[];
}

const file = await pathOf(flags.data, "starmap/starmap-counts.csv.gz");
const types = await sources.words(file, TYPE);
const { rows: codes } = await rowsOf(sources.csv(file, { columns: { [TYPE]: types } }));
const { rows: counts, conditions } = await rowsOf(
  sources.csv(file, { omit: [TYPE, "x", "y"], condition: { batch: BATCHES } }),
);
const genes = counts[0]!.length;
const cells = counts.map((counts, i): Cell => ({
  type: types[codes[i]![0]!]!,
  batch: conditions[i]!,
  counts,
}));
await Deno.mkdir(flags.out, { recursive: true }); // Before the work, not after it.
await start();

/** The counts of cells with what their models are told. */
function datasetOf(some: readonly Cell[]): ArrayDataset<"count"> {
  return dataset(some.map(({ counts }) => counts), {
    support: "count",
    condition: some.map(({ batch }) => batch),
    offset: some.map(({ counts }) =>
      Math.log(counts.reduce((sum, count) => sum + count, 0) / genes)
    ),
  });
}
const testCells = cells.filter((_, i) => i % EVERY === 0);
const test = datasetOf(testCells);
const train = datasetOf(cells.filter((_, i) => i % EVERY !== 0));

function modelOf<H extends Heads>(
  likelihood: Likelihood<H, "count">,
  latent: number,
): Vae<"count", Reparameterized & WithMean> {
  const network = networks.mlp({ hidden: [128] });
  return vae({
    data: [genes],
    latent,
    condition: [BATCHES.length],
    encoder: networks.symlog({ network }),
    decoder: network,
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood,
    divergence: divergences.kl(),
    seed: budget.seed,
  });
}

const { poisson, negativeBinomial, zeroInflatedNegativeBinomial } = likelihoods;
const { latent } = flags;
const candidates = {
  poisson: () => modelOf(poisson(), latent),
  negativeBinomial: () => modelOf(negativeBinomial(), latent),
  zeroInflatedNegativeBinomial: () => modelOf(zeroInflatedNegativeBinomial(), latent),
};
const rows: StudyRow[] = [];
for (const [likelihood, make] of Object.entries(candidates)) {
  rows.push({ likelihood, ...await score(likelihood, make(), train, test, budget) });
}

/** The means of q(z|x) of the test cells `[cells][2]`. */
async function planeOf(): Promise<number[][]> {
  say("the plane");
  const model = modelOf(negativeBinomial(), 2);
  const { importanceSamples: _, ...options } = budget;
  await fit(model, train, options);
  const means = tf.tidy(() => model.encode(test.rows(testCells.map((_, i) => i))).mean);
  const plane = await means.array() as number[][];
  means.dispose();
  model.dispose();
  hush();
  return plane;
}

/** Writes one point for each cell, coloured by its type. */
async function writePlane(path: string, plane: readonly (readonly number[])[]): Promise<void> {
  const points = testCells.map(({ type }, i) => ({ type, x: plane[i]![0]!, y: plane[i]![1]! }));
  const types = [...new Set(points.map(({ type }) => type))].sort();
  // Types of the page are not among those of a program.
  const { document } = parseHTML("<html></html>") as unknown as { document: never };
  const svg = Plot.plot({
    document,
    width: 720,
    height: 480,
    grid: true,
    style: { fontSize: "13px", background: "white" },
    // No scheme has as many colours that the eye tells apart, so that the hue goes round once.
    color: {
      domain: types,
      range: types.map((_, i) => `hsl(${360 * i / types.length} 65% ${i % 2 === 0 ? 40 : 60}%)`),
    },
    x: { label: "first latent" },
    y: { label: "second latent" },
    marks: [
      Plot.dot(points, { x: "x", y: "y", fill: "type", r: 3 }),
      Plot.text(
        points,
        Plot.groupZ(
          { x: "median", y: "median", text: "first" },
          { x: "x", y: "y", z: "type", text: "type", stroke: "white", fill: "black" },
        ),
      ),
    ],
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  await Deno.writeTextFile(path, svg.outerHTML);
}
await writePlane(`${flags.out}/cells.svg`, await planeOf());
report(`${testCells.length} cells, nats per cell after ${flags.steps} steps`, rows);
