/**
 * Compositions that must compile, as a user writes them: without a type argument anywhere.
 *
 * Nothing here is ever called; `deno check` is the test.
 *
 * @module
 */
import type { tf } from "../../core/deps.ts";
import {
  type AnyNetwork,
  closedForm,
  distributions,
  divergences,
  flows,
  likelihoods,
  networks,
  objectives,
  posteriors,
  priors,
  schedules,
  sumOverEvent,
  vae,
} from "../../mod.ts";
import * as standIns from "./stand_ins.ts";

/** The parts that do not matter here. */
export function pictures(): {
  readonly data: readonly [784];
  readonly latent: 20;
  readonly encoder: AnyNetwork;
  readonly decoder: AnyNetwork;
} {
  return { data: [784], latent: 20, encoder: networks.mlp(), decoder: networks.mlp() };
}

// Divergences

/** A weight that is a schedule. */
export function warmUp() {
  return vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.betaKl({ beta: schedules.linear({ from: 0, to: 1, steps: 1000 }) }),
  });
}

/** A closed form of one's own, whose types come from its guards. */
export function sameScale() {
  return closedForm({
    name: "sameScale",
    q: distributions.isNormal,
    p: distributions.isNormal,
    nats: (q, p) => ({
      nats: sumOverEvent(q.mean.sub(p.mean).div(q.scale).square().mul(0.5), q.event),
    }),
  });
}

/** A divergence that is made for one pair of families alone, inside a wrapper. */
export function ownClosedForm() {
  return vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.betaKl({
      beta: schedules.constant({ value: 2 }),
      divergence: divergences.closedFormKl({ closedForm: sameScale() }),
    }),
  });
}

/** Three rows at once. */
export function totalCorrelation() {
  return vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.totalCorrelation({ beta: 6 }),
  });
}

/** A contribution that is not a weight times the nats. */
export function growingCapacity() {
  return vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.capacity({
      nats: schedules.linear({ from: 0, to: 25, steps: 9 }),
      gamma: 100,
      divergence: divergences.kl(),
    }),
  });
}

// Priors

/** A prior made of posteriors, opposite a list of closed forms of which none fits it. */
export function posteriorsAsPrior() {
  return vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.vampPrior({ components: 500 }),
    likelihood: likelihoods.normal({ scale: 0.1 }),
    divergence: divergences.kl({ closedForms: [divergences.normalStandardNormal] }),
  });
}

/** The same prior takes its domain from whatever posterior there is. */
export function posteriorsAsPriorOnTheSphere() {
  return vae({
    ...pictures(),
    posterior: posteriors.powerSpherical(),
    prior: priors.vampPrior({ components: 9 }),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
}

/** A prior and a likelihood that look at what comes with the data, and free bits for normals. */
export function conditionAndMask() {
  return vae({
    ...pictures(),
    condition: [10],
    posterior: posteriors.diagonalNormal(),
    prior: priors.conditionalNormal({ network: networks.mlp() }),
    likelihood: standIns.missing({ likelihood: likelihoods.bernoulli() }),
    divergence: divergences.freeBits({ nats: 0.1, divergence: divergences.kl() }),
  });
}

/** Two levels of latents: the prior of the first is a model of its own. */
export function hierarchy() {
  return vae({
    ...pictures(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.modelPrior({
      latent: 8,
      encoder: networks.mlp(),
      decoder: networks.mlp(),
      posterior: posteriors.diagonalNormal(),
      prior: priors.standardNormal(),
      likelihood: likelihoods.normal({ scale: "perOutput" }),
    }),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
}

// Posteriors and objectives

/** A posterior with weights, a prior with weights, and an objective that needs both detached. */
export function flowsAndImportanceWeights() {
  return vae({
    ...pictures(),
    posterior: posteriors.inverseAutoregressiveFlow({ layers: 2, hidden: [64] }),
    prior: priors.flow({ flow: flows.realNvp({ layers: 4 }) }),
    likelihood: likelihoods.normal({ scale: "perOutput" }),
    objective: objectives.iwae({ samples: 5, gradient: "doublyReparameterized" }),
  });
}

/** A posterior that does not factorize, and the ELBO spelled out. */
export function correlatedLatents() {
  return vae({
    ...pictures(),
    posterior: posteriors.fullCovarianceNormal(),
    prior: priors.mixtureOfNormals({ components: 10 }),
    likelihood: likelihoods.normal({ scale: "shared" }),
    objective: objectives.elbo({ divergence: divergences.kl(), samples: 4 }),
  });
}

/** Latents on the simplex, with a temperature that falls, and a divergence that bounds nothing. */
export function latentsOnTheSimplex() {
  return vae({
    ...pictures(),
    posterior: posteriors.relaxedCategorical({
      temperature: schedules.linear({ from: 1, to: 0.5, steps: 9 }),
    }),
    prior: priors.uniformCategorical({ temperature: 0.5 }),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.mmd(),
  });
}

/** Latents on the sphere. */
export function latentsOnTheSphere() {
  return vae({
    ...pictures(),
    posterior: posteriors.powerSpherical(),
    prior: priors.uniformSphere(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
}

// Likelihoods and networks

/** A support of several columns. */
export function table() {
  return vae({
    ...pictures(),
    data: [2],
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.columns({
      age: likelihoods.normal(),
      kind: likelihoods.categorical({ categories: 3 }),
    }),
    divergence: divergences.kl(),
  });
}

/** Counts with size factors, and an objective without any divergence. */
export function counts() {
  return vae({
    ...pictures(),
    condition: [4],
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.negativeBinomial({ dispersion: "perFeature" }),
    objective: objectives.renyi({ order: 0.5, samples: 8 }),
  });
}

/** A decoder that makes just what the likelihood wants, and an encoder out of `tf.layers`. */
export function networksOfOnesOwn(layers: tf.LayersModel) {
  return vae({
    ...pictures(),
    encoder: networks.layers({ model: layers }),
    decoder: standIns.onlyLogits(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.closedFormKl(),
  });
}

// Wrappers

/** Wrappers are for the families that what they wrap is for. */
export function wrappers() {
  const { betaKl, closedFormKl, kl } = divergences;
  return {
    beta: betaKl({ beta: 2 }),
    betaOfClosedForm: betaKl({ beta: 2, divergence: closedFormKl() }),
    betaOfBeta: betaKl({ beta: 2, divergence: betaKl({ beta: 2, divergence: closedFormKl() }) }),
    freeBits: divergences.freeBits({ nats: 0.1, divergence: kl() }),
    elbo: objectives.elbo({ divergence: kl() }),
    elboOfClosedForm: objectives.elbo({ divergence: closedFormKl() }),
  };
}
