/**
 * Compares likelihoods of grey pictures on Fashion-MNIST, in nats per picture and bits per pixel.
 *
 *     deno task bench:grey --data DATA
 *
 * --data DATA              the folder that holds fashion-mnist/
 * --steps 2000             training steps of each model, of 128 pictures
 * --rows 1000              test pictures
 * --importance-samples 200 for log p(x) of each of these
 * --seed 0                 another seed
 *
 * What has a density gets pictures whose 256 grey values are spread evenly over their 256th part of
 * the interval from 0 to 1 by noise: Theis, van den Oord and Bethge, "A note on the evaluation of
 * generative models", arXiv:1511.01844, §3.1. Its log-density plus log 1/256 for every pixel is then a
 * lower bound on the log-probability of the grey values, so that all rows compare. The last line is
 * one JSON object.
 *
 * @module
 */
import {
  type Distribution,
  divergences,
  type Heads,
  type Likelihood,
  likelihoods,
  networks,
  posteriors,
  priors,
  type RowMap,
  seed,
  uniformNoise,
  type Vae,
  vae,
} from "../mod.ts";
import { pathOf, readPictures } from "./data/files.ts";
import { budgetOf, readFlags, report, type Score, score, start, type StudyRow } from "./study.ts";

const flags = readFlags({
  data: "data",
  steps: 2000,
  rows: 1000,
  "importance-samples": 200,
  seed: 0,
});
const budget = budgetOf(flags);
const PIXELS = 784, LEVELS = 256;

const greyValues = { support: "unit", scale: 1 / (LEVELS - 1) } as const;
const file = (part: string) => pathOf(flags.data, `fashion-mnist/${part}-images-idx3-ubyte.gz`);
const levels = await readPictures(await file("train"), Infinity, greyValues);
const levelsOfTest = await readPictures(await file("t10k"), flags.rows, greyValues);
await start();

/** Spreads every grey value over its part of the interval from 0 to 1, anew in every epoch. */
function spread(noiseSeed: number): RowMap {
  const root = seed(noiseSeed).split("grey values");
  return (values, row, epoch) => {
    const noise = uniformNoise(root.split(`${row}, ${epoch}`), [values.length]);
    const within = noise.dataSync();
    noise.dispose();
    for (let i = 0; i < values.length; i++) {
      values[i] = (values[i]! * (LEVELS - 1) + within[i]!) / LEVELS;
    }
  };
}
const grey = levels.mapped("unit", spread(budget.seed));
const greyOfTest = levelsOfTest.mapped("unit", spread(budget.seed + 1));

const network = networks.mlp({ hidden: [300] });
function modelOf<H extends Heads, S extends "unit" | "real", X extends Distribution>(
  likelihood: Likelihood<H, S, X>,
): Vae<S> {
  return vae({
    data: [28, 28],
    latent: 16,
    encoder: network,
    decoder: network,
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood,
    divergence: divergences.kl(),
  });
}

const { normal, continuousBernoulli, discretizedLogisticMixture } = likelihoods;
const densities: { readonly [likelihood: string]: () => Vae<"unit" | "real"> } = {
  "normal, scale 1": () => modelOf(normal({ scale: 1 })),
  "normal, shared scale": () => modelOf(normal()),
  "normal, optimal scale": () => modelOf(normal({ scale: "optimal" })),
  "continuousBernoulli": () => modelOf(continuousBernoulli()),
};
const probabilities: typeof densities = {
  "discretizedLogisticMixture": () => modelOf(discretizedLogisticMixture()),
};

const rows: StudyRow[] = [];
function add(
  likelihood: string,
  { elbo, logLikelihood, standardError, seconds }: Score,
  constant = 0,
) {
  const nats = logLikelihood - constant;
  rows.push({
    likelihood,
    elbo: elbo - constant,
    logLikelihood: nats,
    standardError,
    bitsPerPixel: -nats / (PIXELS * Math.log(2)),
    logDensity: constant === 0 ? null : logLikelihood,
    seconds,
  });
}
for (const [name, make] of Object.entries(densities)) {
  add(name, await score(name, make(), grey, greyOfTest, budget), PIXELS * Math.log(LEVELS));
}
for (const [name, make] of Object.entries(probabilities)) {
  add(name, await score(name, make(), levels, levelsOfTest, budget));
}
report(`${flags.rows} grey pictures, nats per picture after ${flags.steps} steps`, rows);
