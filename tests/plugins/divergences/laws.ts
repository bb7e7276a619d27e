/**
 * The divergences of Elbo, with the laws that they are held to.
 *
 * @module
 */
import {
  type Distribution,
  distributions,
  type Divergence,
  divergences,
  type Heads,
  posteriors,
  priors,
  type Reparameterized,
  schedules,
} from "../../../mod.ts";
import { type DivergenceLawOptions, divergenceLaws } from "../../laws/mod.ts";
import type { Held, HeldPlugins } from "../held.ts";

const { betaKl, capacity, categoricalKl, closedFormKl, freeBits, kl, mmd } = divergences;
const { totalCorrelation } = divergences;
const { laplaceFamily, logisticNormalFamily, normalFamily } = distributions;

const pair = { posterior: posteriors.diagonalNormal(), prior: priors.standardNormal() };
const normals = { posterior: normalFamily, prior: normalFamily };

const sampledKl = kl({ closedForms: [] });

/** Latents of classes: nearly one-hot, and one-hot. */
const relaxed = {
  posterior: posteriors.relaxedCategorical({ temperature: 0.7 }),
  prior: priors.uniformCategorical({ temperature: 0.5 }),
};
const oneHot = {
  posterior: posteriors.relaxedCategorical({ temperature: 0.7, straightThrough: true }),
  prior: priors.uniformCategorical(),
  posteriorOptions: { support: "one-hot" },
  priorOptions: { support: "one-hot" },
} as const;

/** The weight of a warm-up at some step, as its author states it. */
const warmth = (step: number): number => Math.min(1, step / 1000);
const warmUp = schedules.linear({ from: 0, to: 1, steps: 1000 });

/** What free bits leave of the KL of two latents. */
function freed(
  nats: number,
  batch: readonly { readonly factors: readonly number[] | undefined }[],
): number {
  return batch[0]!.factors!.reduce((sum, _, k) => {
    const mean = batch.reduce((total, { factors }) => total + factors![k]!, 0) / batch.length;
    return sum + Math.max(nats, mean);
  }, 0);
}

/** The laws of a divergence, and the pair that it is held to them on. */
function diverges<
  Q extends Reparameterized,
  P extends Distribution,
  H extends Heads,
  NameQ extends string,
  NameP extends string,
>(
  divergence: Divergence<Q, P>,
  told: DivergenceLawOptions<Q, P, H, NameQ, NameP>,
): Held {
  return (options, instead = divergence) =>
    divergenceLaws(instead as Divergence<Q, P>, { ...told, ...options });
}

/** By name, and by what else tells two of them apart. */
export const heldDivergences: HeldPlugins = {
  "divergences.capacity": diverges(
    capacity({ nats: schedules.linear({ from: 0, to: 5, steps: 1000 }), gamma: 3 }),
    {
      ...pair,
      contributes: ({ nats, progress }) => -3 * Math.abs(nats - 5 * warmth(progress.step)),
    },
  ),
  "divergences.capacity, sampled": diverges(
    capacity({ nats: 2, gamma: 1, divergence: betaKl({ beta: 4, divergence: sampledKl }) }),
    {
      ...pair,
      contributes: ({ nats }) => -Math.abs(4 * nats - 2),
    },
  ),
  "divergences.freeBits": diverges(freeBits({ nats: 0.5 }), {
    ...pair,
    contributes: ({ batch }) => -freed(0.5, batch),
  }),
  "divergences.freeBits, sampled": diverges(
    freeBits({ nats: 0.5, divergence: betaKl({ beta: 4, divergence: sampledKl }) }),
    {
      ...pair,
      contributes: ({ batch }) => -4 * freed(0.5, batch),
    },
  ),
  "divergences.freeBits, per datum": diverges(freeBits({ nats: 2, per: "datum" }), {
    ...pair,
    contributes: ({ nats }) => -Math.max(2, nats),
  }),
  "divergences.kl": diverges(kl(), pair),
  "divergences.kl, sampled": diverges(sampledKl, pair),
  "divergences.closedFormKl, normalNormal": diverges(
    closedFormKl({ closedForm: divergences.normalNormal }),
    normals,
  ),
  "divergences.closedFormKl, normalStandardNormal": diverges(
    closedFormKl({ closedForm: divergences.normalStandardNormal }),
    pair,
  ),
  "divergences.kl, priors.diagonalNormal": diverges(kl(), {
    ...pair,
    prior: priors.diagonalNormal(),
  }),
  "divergences.kl, laplaceLaplace": diverges(kl(), {
    posterior: posteriors.laplace(),
    prior: priors.laplace(),
  }),
  "divergences.kl, logisticNormalLogisticNormal": diverges(kl(), {
    posterior: posteriors.logisticNormal(),
    prior: priors.logisticNormal({ concentration: 0.5 }),
  }),
  "divergences.closedFormKl, logisticNormalLogisticNormal": diverges(
    closedFormKl({ closedForm: divergences.logisticNormalLogisticNormal }),
    { posterior: logisticNormalFamily, prior: logisticNormalFamily },
  ),
  "divergences.closedFormKl, laplaceLaplace": diverges(
    closedFormKl({ closedForm: divergences.laplaceLaplace }),
    { posterior: laplaceFamily, prior: laplaceFamily },
  ),
  "divergences.closedFormKl, multivariateNormalStandardNormal": diverges(
    closedFormKl({ closedForm: divergences.multivariateNormalStandardNormal }),
    { posterior: posteriors.fullCovarianceNormal(), prior: pair.prior },
  ),
  "divergences.closedFormKl, lowRankNormalStandardNormal": diverges(
    closedFormKl({ closedForm: divergences.lowRankNormalStandardNormal }),
    { posterior: posteriors.lowRankNormal({ rank: 2 }), prior: pair.prior },
  ),
  "divergences.kl, relaxedCategorical": diverges(kl(), relaxed),
  "divergences.kl, straight through": diverges(kl(), oneHot),
  "divergences.closedFormKl, categoricalCategorical": diverges(
    closedFormKl({ closedForm: divergences.categoricalCategorical }),
    oneHot,
  ),
  "divergences.categoricalKl": diverges(categoricalKl(), relaxed),
  "divergences.closedFormKl, powerSphericalUniformSphere": diverges(
    closedFormKl({ closedForm: divergences.powerSphericalUniformSphere }),
    { posterior: posteriors.powerSpherical(), prior: priors.uniformSphere() },
  ),
  "divergences.betaKl": diverges(betaKl({ beta: 4 }), {
    ...pair,
    contributes: ({ nats }) => -4 * nats,
  }),
  "divergences.betaKl, schedules.linear": diverges(betaKl({ beta: warmUp }), {
    ...pair,
    contributes: ({ nats, progress }) => -warmth(progress.step) * nats,
  }),
  "divergences.betaKl, schedules.constant": diverges(
    betaKl({ beta: schedules.constant({ value: 0.5 }), divergence: betaKl({ beta: 3 }) }),
    {
      ...pair,
      contributes: ({ nats }) => -1.5 * nats,
    },
  ),
  "divergences.betaKl, schedules.cosine": diverges(
    betaKl({ beta: schedules.cosine({ from: 0, to: 1, steps: 1000 }) }),
    {
      ...pair,
      contributes: ({ nats, progress }) =>
        -(Math.sin(0.5 * Math.PI * warmth(progress.step)) ** 2) * nats,
    },
  ),
  "divergences.betaKl, schedules.cyclical": diverges(
    betaKl({ beta: schedules.cyclical({ from: 0, to: 1, steps: 1600 }) }),
    {
      ...pair,
      contributes: ({ nats, progress: { step } }) =>
        -(step >= 1600 ? 1 : Math.min(1, (step % 400) / 200)) * nats,
    },
  ),
  "divergences.betaKl, schedules.sigmoid": diverges(
    betaKl({ beta: schedules.sigmoid({ from: 0, to: 2, midpoint: 1000, width: 300 }) }),
    {
      ...pair,
      contributes: ({ nats, progress }) => -(1 + Math.tanh((progress.step - 1000) / 600)) * nats,
    },
  ),
  "divergences.mmd": diverges(mmd(), pair),
  "divergences.mmd, biased": diverges(
    mmd({ kernel: "rbf", bandwidths: [0.5, 1], statistic: "biased", weight: warmUp }),
    {
      ...pair,
      contributes: ({ nats, progress }) => -warmth(progress.step) * nats,
    },
  ),
  "divergences.mmd, InfoVAE": diverges(mmd({ weight: 10, divergence: betaKl({ beta: 0.5 }) }), {
    ...pair,
    contributes: ({ name, nats }) => (name === "squared MMD" ? -10 : -0.5) * nats,
  }),
  "divergences.totalCorrelation": diverges(totalCorrelation({ beta: 1 }), pair),
  "divergences.totalCorrelation, weighted": diverges(
    totalCorrelation({ alpha: 0, beta: 6, gamma: warmUp, sampling: "stratified" }),
    {
      ...pair,
      contributes: ({ name, nats, progress }) =>
        -{
          "index-code mutual information": 0,
          "total correlation": 6,
          "dimension-wise KL": warmth(progress.step),
        }[name]! * nats,
    },
  ),
};
