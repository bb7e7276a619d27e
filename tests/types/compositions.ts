/**
 * Compositions that must compile, as a user writes them: without a type argument anywhere.
 *
 * Nothing here is ever called; `deno check` is the test.
 *
 * @module
 */
import type { tf } from "../../core/deps.ts";
import {
  allRows,
  type AnyNetwork,
  binarize,
  type ClosedForm,
  closedForm,
  collect,
  type Dataset,
  dataset,
  type Distribution,
  distributions,
  type Divergence,
  divergences,
  type Factorized,
  fit,
  fitStandardization,
  flows,
  imputations,
  likelihoods,
  load,
  logLikelihoods,
  narrow,
  networks,
  type Objective,
  objectives,
  posteriors,
  priors,
  schedules,
  sources,
  split,
  standardize,
  stream,
  sumOverEvent,
  type Tensor,
  type Vae,
  vae,
} from "../../mod.ts";
import * as standIns from "./stand_ins.ts";

type Bernoulli = distributions.Bernoulli;
type Normal = distributions.Normal;

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

// What was inferred

/** Whether two types are the very same; `any` is the same as nothing but itself. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

/** What does not compile unless it is true. */
type Sure<Statement extends true> = Statement;

/** Support, posterior and likelihood of every model above, none of them wider than need be. */
export type Inferred = [
  Sure<Same<ReturnType<typeof warmUp>, Vae<"binary", Normal, Bernoulli>>>,
  Sure<Same<ReturnType<typeof ownClosedForm>, Vae<"binary", Normal, Bernoulli>>>,
  Sure<Same<ReturnType<typeof totalCorrelation>, Vae<"binary", Normal, Bernoulli>>>,
  Sure<Same<ReturnType<typeof growingCapacity>, Vae<"binary", Normal, Bernoulli>>>,
  Sure<Same<ReturnType<typeof posteriorsAsPrior>, Vae<"real", Normal, Normal>>>,
  Sure<
    Same<
      ReturnType<typeof posteriorsAsPriorOnTheSphere>,
      Vae<"binary", distributions.PowerSpherical, Bernoulli>
    >
  >,
  Sure<
    Same<
      ReturnType<typeof conditionAndMask>,
      Vae<"binary", Normal, distributions.Masked<Bernoulli>>
    >
  >,
  Sure<Same<ReturnType<typeof hierarchy>, Vae<"binary", Normal, Bernoulli>>>,
  Sure<
    Same<
      ReturnType<typeof flowsAndImportanceWeights>,
      Vae<"real", distributions.Transformed<Normal>, Normal>
    >
  >,
  Sure<
    Same<
      ReturnType<typeof correlatedLatents>,
      Vae<"real", distributions.MultivariateNormal, Normal>
    >
  >,
  Sure<
    Same<
      ReturnType<typeof latentsOnTheSimplex>,
      Vae<"binary", distributions.RelaxedOneHotCategorical, Bernoulli>
    >
  >,
  Sure<
    Same<
      ReturnType<typeof latentsOnTheSphere>,
      Vae<"binary", distributions.PowerSpherical, Bernoulli>
    >
  >,
  Sure<
    Same<
      ReturnType<typeof table>,
      Vae<
        { readonly age: "real"; readonly kind: "category" },
        Normal,
        distributions.Blockwise<{ readonly age: Normal; readonly kind: distributions.Categorical }>
      >
    >
  >,
  Sure<Same<ReturnType<typeof counts>, Vae<"count", Normal, distributions.NegativeBinomial>>>,
  Sure<Same<ReturnType<typeof networksOfOnesOwn>, Vae<"binary", Normal, Bernoulli>>>,
];

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

/** What plugins are for, none of them wider than need be either. */
export type InferredPlugins = [
  Sure<Same<ReturnType<typeof sameScale>, ClosedForm<Normal, Normal>>>,
  Sure<
    Same<ReturnType<typeof wrappers>, {
      beta: Divergence<Distribution, Distribution>;
      betaOfClosedForm: Divergence<Normal, Normal>;
      betaOfBeta: Divergence<Normal, Normal>;
      freeBits: Divergence<Factorized, Factorized>;
      elbo: Objective<Distribution, Distribution>;
      elboOfClosedForm: Objective<Normal, Normal>;
    }>
  >,
];

// Use

/** The posterior and the likelihood are known by their families. */
export function whatCodesKnow(x: Tensor): readonly (number | Tensor)[] {
  const flow = flowsAndImportanceWeights().encode(x);
  const sphere = latentsOnTheSphere().encode(x);
  const code = warmUp().encode(x);
  const picture = warmUp().decode(code.mean);
  const { kind } = table().decode(code.mean).blocks;
  return [flow.base.scale, sphere.scale, code.scale, picture.logits, kind.probabilities];
}

/** Data inside the support of the likelihood, though it be narrower. */
export async function fitting(
  { binary, unit, count, real }: {
    readonly binary: Dataset<"binary">;
    readonly unit: Dataset<"unit">;
    readonly count: Dataset<"count">;
    readonly real: Dataset<"real">;
  },
): Promise<void> {
  await fit(warmUp(), binary, { epochs: 1, validation: binary });
  await fit(posteriorsAsPrior(), binary);
  await fit(posteriorsAsPrior(), unit, { validation: real });
  await fit(flowsAndImportanceWeights(), real);
  await fit(counts(), count, { validation: binary });
  const people = dataset([[31, 2]], { support: { age: "count", kind: "category" } });
  await fit(table(), people);
}

/** A model from a file may be for data of any support, until `narrow` has looked. */
export function narrowing(model: Awaited<ReturnType<typeof load>>) {
  return {
    leaf: narrow(model, "real"),
    columns: narrow(model, { age: "real", kind: "category" }),
  };
}

/** The supports that were asked for, not widened to strings. */
export type Narrowed = Sure<
  Same<ReturnType<typeof narrowing>, {
    leaf: Vae<"real">;
    columns: Vae<{ readonly age: "real"; readonly kind: "category" }>;
  }>
>;

/** Every factory can be handed to `load`, the generic ones and the wrappers too. */
export async function loading(real: Dataset<"real">): Promise<void> {
  const { modelPrior, vampPrior } = priors;
  const { missing } = standIns, { freeBits } = divergences, { iwae } = objectives;
  const plugins = [missing, freeBits, iwae, modelPrior, vampPrior, divergences.normalNormal];
  const model = await load("model", { plugins });
  await fit(narrow(model, "real"), real);
}

// Use

/** A table's own data go into every use of it. */
export async function usingATable(model: ReturnType<typeof table>): Promise<number> {
  const people = dataset([[31, 4]], { support: { age: "count", kind: "category" } });
  let sum = 0;
  for await (const { values, standardErrors } of logLikelihoods(model, people, { seed: 1 })) {
    sum += values[0]! - standardErrors[0]!;
  }
  return sum + (await allRows(imputations(model, people, { seed: 1 }))).size;
}

// Sources

/** What a source reads has the support that it was said to have, or that of its columns. */
export async function trainingOnSources(model: ReturnType<typeof table>): Promise<void> {
  const grey = await stream(sources.idx("digits"), { support: "unit", scale: 1 / 255 });
  const { train } = split(binarize(grey, { seed: 1 }), { train: 0.9 }, { seed: 2 });
  await fit(warmUp(), train);
  const columns = { age: "count", kind: ["cat", "dog"] } as const;
  await fit(model, await collect(sources.csv("animals.csv", { columns })));
  const stored = await stream(sources.parquet("animals.parquet", { columns }));
  await fit(model, standardize(stored, await fitStandardization(stored)));
}
