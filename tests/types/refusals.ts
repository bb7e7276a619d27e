/**
 * Compositions that must not compile, each with the reason beside the line that is refused.
 *
 * Nothing here is ever called; `deno check` is the test, as it complains of a directive below which
 * there is no error.
 *
 * @module
 */
import {
  anomalyScores,
  binarize,
  collect,
  type Dataset,
  dataset,
  type Distribution,
  distributions,
  divergences,
  fit,
  flows,
  likelihoods,
  narrow,
  networks,
  objectives,
  posteriors,
  type Prior,
  priors,
  sources,
  stream,
  type Support,
  type Vae,
  vae,
} from "../../mod.ts";
import { divergenceLaws } from "../laws/mod.ts";
import { pictures, sameScale, table, warmUp } from "./compositions.ts";
import * as standIns from "./stand_ins.ts";

// Divergences

export function closedFormOppositeAMixture(): void {
  vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.mixtureOfNormals({ components: 3 }),
    likelihood: likelihoods.bernoulli(),
    // @ts-expect-error the closed form is for a normal prior, and a mixture is none
    divergence: divergences.closedFormKl({ closedForm: sameScale() }),
  });
}

export function closedFormOppositeAnything(prior: Prior<Distribution>): void {
  vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior,
    likelihood: likelihoods.bernoulli(),
    // @ts-expect-error a prior of unknown family need not be normal
    divergence: divergences.closedFormKl(),
  });
}

export function closedFormOppositePosteriors(): void {
  vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.vampPrior({ components: 9 }),
    likelihood: likelihoods.bernoulli(),
    // @ts-expect-error a mixture of posteriors is not normal
    divergence: divergences.betaKl({ beta: 2, divergence: divergences.closedFormKl() }),
  });
}

export function closedFormInsideAnObjective(): void {
  vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.flow({ flow: flows.realNvp({ layers: 2 }) }),
    likelihood: likelihoods.bernoulli(),
    // @ts-expect-error the objective is for a normal prior, as the divergence inside it is
    objective: objectives.elbo({ divergence: divergences.closedFormKl() }),
  });
}

export function freeBitsOfCorrelatedLatents(): void {
  vae({
    ...pictures(),
    posterior: posteriors.fullCovarianceNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    // @ts-expect-error a posterior that does not factorize has no KL of each latent
    divergence: divergences.freeBits({ nats: 1, divergence: divergences.kl() }),
  });
}

export function partsOfCorrelatedLatents(): void {
  const parts = {
    ...pictures(),
    posterior: posteriors.fullCovarianceNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
  };
  vae({ ...parts, divergence: divergences.freeBits({ nats: 1, per: "datum" }) });
  // @ts-expect-error a posterior that does not factorize has no KL of each latent
  vae({ ...parts, divergence: divergences.freeBits({ nats: 1 }) });
  // @ts-expect-error nor densities of each
  vae({ ...parts, divergence: divergences.totalCorrelation({ beta: 1 }) });
}

export function divergenceAndObjective(): void {
  // @ts-expect-error a divergence means an objective already
  vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
    objective: objectives.iwae({ samples: 5 }),
  });
}

export function noAim(): void {
  // @ts-expect-error neither a divergence nor an objective
  vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
  });
}

// Parts that do not fit each other

export function sphereOppositeNormal(): void {
  vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    // @ts-expect-error latents on the real line, a prior on the sphere
    prior: priors.uniformSphere(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
}

export function normalOppositeSphere(): void {
  vae({
    ...pictures(),
    posterior: posteriors.powerSpherical(),
    // @ts-expect-error latents on the sphere, a prior on the real line
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
}

export function modelOppositeSphere(): void {
  vae({
    ...pictures(),
    posterior: posteriors.powerSpherical(),
    // @ts-expect-error latents on the sphere, an inner model of data on the real line
    prior: priors.modelPrior({
      latent: 8,
      encoder: networks.mlp(),
      decoder: networks.mlp(),
      posterior: posteriors.diagonalNormal(),
      prior: priors.standardNormal(),
      likelihood: likelihoods.normal(),
    }),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
}

export function decoderWithOtherHeads(): void {
  vae({
    ...pictures(),
    // @ts-expect-error the decoder makes logits, the likelihood wants a mean
    decoder: standIns.onlyLogits(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.normal({ scale: 1 }),
    divergence: divergences.kl(),
  });
}

export function drawsWithoutGradient(): void {
  vae({
    ...pictures(),
    // @ts-expect-error no gradient passes through draws of 0 and 1
    posterior: likelihoods.bernoulli(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
}

export function missingEntriesOfCorrelatedData(): void {
  // @ts-expect-error without a density for each entry none can be left out
  standIns.missing({ likelihood: standIns.correlatedNormal() });
}

// Data

export async function greyPicturesForABernoulli(
  unit: Dataset<"unit">,
  binary: Dataset<"binary">,
): Promise<void> {
  // @ts-expect-error grey values are not 0 or 1
  await fit(warmUp(), unit);
  // @ts-expect-error nor are they when they are only looked at
  await fit(warmUp(), binary, { validation: unit });
}

export async function columnOfAnotherKind(): Promise<void> {
  const people = dataset([[31, 2]], { support: { age: "category", kind: "category" } });
  // @ts-expect-error the code of a class is no age
  await fit(table(), people);
}

export async function missingColumn(): Promise<void> {
  const people = dataset([[31]], { support: { age: "count" } });
  // @ts-expect-error the table has a kind too
  await fit(table(), people);
}

export function columnOfColumns(): void {
  const people = likelihoods.columns({ age: likelihoods.normal() });
  // @ts-expect-error a column holds one number
  likelihoods.columns({ people });
}

export async function dataOfUnknownSupport(unknown: Dataset<Support>): Promise<void> {
  // @ts-expect-error data of any support may be grey
  await fit(warmUp(), unknown);
}

export async function binaryDataForPositiveNumbers(
  model: Vae,
  binary: Dataset<"binary">,
): Promise<void> {
  // @ts-expect-error 0 is not positive
  await fit(narrow(model, "positive"), binary);
}

export function scoresOfGreyPictures(grey: Dataset<"unit">): void {
  // @ts-expect-error grey pictures are not binary
  anomalyScores(warmUp(), grey, { seed: 1 });
}

// Sources

export async function streamOfGreyPictures(): Promise<void> {
  const grey = await stream(sources.idx("pictures"), { support: "unit", scale: 1 / 255 });
  // @ts-expect-error grey pictures are not binary
  await fit(warmUp(), grey);
}

export async function sourceAsItIs(): Promise<void> {
  // @ts-expect-error the bytes of a file are real numbers unless one says what they are
  await fit(warmUp(), await collect(sources.idx("pictures")));
}

export async function realNumbersMadeBinary(): Promise<void> {
  // @ts-expect-error a real number is no probability
  binarize(await stream(sources.npy("numbers")), { seed: 1 });
}

export async function columnOfAnotherSupport(model: Vae<{ readonly age: "count" }>): Promise<void> {
  const people = await stream(sources.csv("people", { columns: { age: "real" } }));
  // @ts-expect-error a real number is no count
  await fit(model, people);
}

export function columnOfNoSupport(): void {
  // @ts-expect-error there is no such support
  sources.csv("people", { columns: { age: "integer" } });
}

// Laws

export function lawsOfAPairOnTwoDomains(): void {
  const posterior = posteriors.diagonalNormal();
  // @ts-expect-error a divergence from normals to bits
  divergenceLaws(divergences.kl(), { posterior, prior: distributions.bernoulliFamily });
}

export function lawsOfAClosedFormOnAnotherPair(): void {
  const coin = distributions.bernoulliFamily;
  // @ts-expect-error it is made for normals
  divergenceLaws(divergences.closedFormKl(), { posterior: coin, prior: coin });
}
