/**
 * The models that are trained while one looks at the device, with data for them.
 *
 * @module
 */
import { tf } from "../../../../../core/deps.ts";
import {
  type ArrayDataset,
  type Callback,
  dataset,
  divergences,
  likelihoods,
  networks,
  posteriors,
  presets,
  priors,
  schedules,
  type Vae,
  vae,
} from "../../../../../mod.ts";
import { wave } from "../operations.ts";

/** A model with data for it. */
export type Case = () => readonly [model: Vae, data: ArrayDataset<never>];

/** The steps of a run, and the rows of each. */
export const STEPS = 60, BATCH = 10;

/** An epoch has 25 steps, so that what is read is always of the same size, and finds room made. */
const ROWS = 250;

/** Rows of numbers that have no pattern. */
function rowsOf(size: number, number: (x: number) => number): number[][] {
  return Array.from({ length: ROWS }, (_, i) => [...wave([size], i)].map(number));
}

const bits = () => dataset(rowsOf(12, (x) => Number(x > 0)), { support: "binary" });
const counts = () => dataset(rowsOf(12, (x) => Math.round(4 + 2 * x)), { support: "count" });
const reals = () => dataset(rowsOf(12, (x) => x), { support: "real" });

/** A model and data as they are handed on; that they fit is checked when it is trained. */
const pair = (model: Vae, data: unknown) => [model, data as ArrayDataset<never>] as const;

const SMALL = { data: [12], latent: 3, hidden: [16] };

const PARTS = {
  data: [12],
  latent: 3,
  encoder: networks.mlp({ hidden: [16] }),
  decoder: networks.mlp({ hidden: [16] }),
  divergence: divergences.kl(),
} as const;

/** Models of every kind. */
export const CASES = {
  bernoulli: () => pair(presets.vae(SMALL), bits()),
  convolutional: () => {
    const rows = rowsOf(64, (x) => Number(x > 0));
    const pictures = rows.map((row) => tf.util.toNestedArray([8, 8, 1], Float32Array.from(row)));
    const model = vae({
      ...PARTS,
      data: [8, 8, 1],
      encoder: networks.conv({ channels: [4, 8], hidden: [16] }),
      decoder: networks.deconv({ channels: [8, 4], hidden: [16] }),
      posterior: posteriors.diagonalNormal(),
      prior: priors.standardNormal(),
      likelihood: likelihoods.bernoulli(),
    });
    return pair(model, dataset(pictures as number[][][][], { support: "binary" }));
  },
  counts: () => pair(presets.countVae(SMALL), counts()),
  poisson: () => {
    const likelihood = likelihoods.poisson();
    const model = vae({
      ...PARTS,
      posterior: posteriors.fullCovarianceNormal(),
      prior: priors.mixtureOfNormals({ components: 3 }),
      likelihood,
    });
    return pair(model, counts());
  },
  optimal: () => pair(presets.sigmaVae(SMALL), reals()),
  studentT: () => {
    const model = vae({
      ...PARTS,
      posterior: posteriors.lowRankNormal({ rank: 2 }),
      prior: priors.standardNormal(),
      likelihood: likelihoods.studentT(),
      divergence: divergences.betaKl({ beta: schedules.linear({ from: 0, to: 1, steps: 30 }) }),
    });
    return pair(model, reals());
  },
  flows: () => {
    const model = vae({
      ...PARTS,
      posterior: posteriors.inverseAutoregressiveFlow(),
      prior: priors.vampPrior({ components: 5 }),
      likelihood: likelihoods.bernoulli(),
    });
    return pair(model, bits());
  },
  iwae: () => pair(presets.iwae(SMALL), bits()),
  totalCorrelation: () => pair(presets.betaTcVae(SMALL), bits()),
  mmd: () => pair(presets.infoVae(SMALL), bits()),
  gumbel: () => pair(presets.gumbelVae({ ...SMALL, categories: 4 }), bits()),
  spherical: () => pair(presets.sphericalVae(SMALL), bits()),
  table: () => {
    const columns = {
      real: likelihoods.normal(),
      yes: likelihoods.bernoulli(),
      count: likelihoods.poisson(),
      code: likelihoods.categorical({ categories: 3 }),
    };
    const rows = rowsOf(1, (x) => x).map(([x], i) => [i % 7 ? x! : NaN, i % 2, i % 5, i % 3]);
    const mask = rows.map((row) => row.map((value) => Number(!Number.isNaN(value))));
    const { support } = likelihoods.columns(columns);
    const model = presets.tabularVae({ columns, latent: 2, hidden: [16] });
    return pair(model, dataset(rows, { support, mask }));
  },
} satisfies Readonly<Record<string, Case>>;

/** The models of a short look. */
export const FEW = ["bernoulli", "table"] as const;

/** A callback that does something after every step. */
export function afterStep(step: NonNullable<Callback["step"]>): Callback {
  return { kind: "callback", name: "after step", step };
}
