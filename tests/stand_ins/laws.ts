/**
 * The laws of every plugin in this folder, with what has to be said of it.
 *
 * @module
 */
import { divergences, likelihoods, posteriors, priors, schedules } from "../../mod.ts";
import {
  distributionLaws,
  divergenceLaws,
  type Law,
  type LawOptions,
  likelihoodLaws,
  objectiveLaws,
  posteriorLaws,
  priorLaws,
} from "../laws/mod.ts";
import { affineFlow } from "./affine_flow_posterior.ts";
import { capacity } from "./capacity.ts";
import { categoricalFamily } from "./categorical.ts";
import { columns } from "./columns.ts";
import { conditionalPrior } from "./conditional_prior.ts";
import { freeBits } from "./free_bits.ts";
import { iwae } from "./iwae.ts";
import { kumaraswamyFamily } from "./kumaraswamy.ts";
import { laplaceFamily } from "./laplace.ts";
import { logNormalFamily } from "./log_normal.ts";
import { logisticNormalFamily } from "./logistic_normal.ts";
import { mixturePrior } from "./mixture_prior.ts";
import { poissonFamily, poissonLikelihood } from "./poisson.ts";
import { studentTFamily } from "./student_t.ts";
import { uniformSphereFamily, uniformSpherePrior } from "./uniform_sphere.ts";
import { vampPrior } from "./vamp_prior.ts";

/** What the log-normal distribution asks of the laws. */
export const LOG_NORMAL = {
  // exp 88 is the largest number that float32 holds.
  extremes: { mean: [-20, 20], scale: [1e-3, 4] },
} as const;

/** What Kumaraswamy's distribution asks of the laws. */
export const KUMARASWAMY = {
  // Below b = 1 much of the mass lies nearer to 1 than float32 can tell from 1.
  ranges: { b: [1, 4] },
  // At 0 and at 1 the density is 0 or infinite.
  edges: [1e-6, 0.5, 0.999],
} as const;

const PAIR = { posterior: posteriors.diagonalNormal(), prior: priors.standardNormal() } as const;

/** The columns of a table, of three kinds. */
export const TABLE = {
  age: likelihoods.normal(),
  smokes: likelihoods.bernoulli(),
  visits: poissonLikelihood(),
};

/** The laws of every plugin. */
export const held: { readonly [plugin: string]: (options: LawOptions) => readonly Law[] } = {
  poisson: (options) => distributionLaws(poissonFamily, options),
  poissonLikelihood: (options) => likelihoodLaws(poissonLikelihood(), options),
  categorical: (options) => distributionLaws(categoricalFamily(4), { categories: 4, ...options }),
  logNormal: (options) => distributionLaws(logNormalFamily, { ...LOG_NORMAL, ...options }),
  laplace: (options) => distributionLaws(laplaceFamily, options),
  studentT: (options) => distributionLaws(studentTFamily, options),
  kumaraswamy: (options) => distributionLaws(kumaraswamyFamily, { ...KUMARASWAMY, ...options }),
  logisticNormal: (options) => distributionLaws(logisticNormalFamily, options),
  uniformSphere: (options) => distributionLaws(uniformSphereFamily, options),
  uniformSpherePrior: (options) =>
    priorLaws(uniformSpherePrior(), { support: "sphere", ...options }),
  mixturePrior: (options) => priorLaws(mixturePrior({ components: 3 }), options),
  vampPrior: (options) => priorLaws(vampPrior({ components: 3 }), options),
  conditionalPrior: (options) => priorLaws(conditionalPrior(), { condition: [3], ...options }),
  affineFlow: (options) => posteriorLaws(affineFlow(), options),
  freeBits: (options) =>
    divergenceLaws(freeBits({ nats: 0.5, divergence: divergences.kl() }), {
      ...PAIR,
      contributes: ({ factors }) => -factors!.reduce((sum, kl) => sum + Math.max(0.5, kl), 0),
      ...options,
    }),
  capacity: (options) =>
    divergenceLaws(
      capacity({
        target: schedules.linear({ from: 0, to: 5, steps: 1000 }),
        weight: 3,
        divergence: divergences.kl(),
      }),
      {
        ...PAIR,
        contributes: ({ nats, progress }) => -3 * Math.abs(nats - Math.min(5, progress.step / 200)),
        ...options,
      },
    ),
  iwae: (options) =>
    objectiveLaws(iwae({ samples: 5 }), {
      withSamples: (samples) => iwae({ samples }),
      ...options,
    }),
  dreg: (options) =>
    objectiveLaws(iwae({ samples: 5, gradient: "doublyReparameterized" }), {
      withSamples: (samples) => iwae({ samples, gradient: "doublyReparameterized" }),
      ...options,
    }),
  columns: (options) => likelihoodLaws(columns(TABLE), options),
};
