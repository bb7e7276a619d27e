/**
 * Every plugin of Elbo, with the laws that it is held to.
 *
 * @module
 */
import {
  type Distribution,
  distributions,
  type Divergence,
  divergences,
  flows,
  type Heads,
  type InvertibleMap,
  likelihoods,
  networks,
  objectives,
  posteriors,
  priors,
  type Reparameterized,
  schedules,
  vae,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { linearModelPrior } from "../helpers/linear_model.ts";
import {
  distributionLaws,
  type DivergenceLawOptions,
  divergenceLaws,
  flowLaws,
  type Law,
  type LawOptions,
  likelihoodLaws,
  modelLaws,
  networkLaws,
  objectiveLaws,
  type PluginLawOptions,
  posteriorLaws,
  priorLaws,
} from "../laws/mod.ts";
import { tinyModel, tinyParts } from "../helpers/tiny.ts";

const { kl, betaKl, capacity, closedFormKl, freeBits } = divergences;
const { mmd, normalNormal, normalStandardNormal, totalCorrelation } = divergences;
const { categoricalCategorical, categoricalKl } = divergences;
const { normalFamily, standardNormalFamily, bernoulliFamily, categoricalFamily } = distributions;
const { oneHotCategoricalFamily, relaxedOneHotCategoricalFamily } = distributions;

const pair = { posterior: posteriors.diagonalNormal(), prior: priors.standardNormal() };
const normals = { posterior: normalFamily, prior: normalFamily };

/** A substitution multiplies by what is below the diagonal over what is on it, once for each row. */
const SUBSTITUTED = {
  ranges: { rawDiagonal: [-1, 3] },
  extremes: { rawDiagonal: [-5, 1000], lower: [-10, 10] },
} as const;

/** x = sign z · log(1 + |z|), element by element. */
export const logarithm: InvertibleMap = {
  forward: (z) => {
    const size = tf.log1p(tf.abs(z));
    return { value: tf.mul(tf.sign(z), size), logDeterminant: tf.neg(tf.sum(size, -1)) };
  },
  inverse: (x) => {
    const size = tf.abs(x);
    return { value: tf.mul(tf.sign(x), tf.expm1(size)), logDeterminant: tf.sum(size, -1) };
  },
};

/** The weight of a warm-up at some step, as its author states it. */
const warmth = (step: number): number => Math.min(1, step / 1000);
const warmUp = schedules.linear({ from: 0, to: 1, steps: 1000 });

const sampledKl = kl({ closedForms: [] });

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

/** Latents of classes: nearly one-hot, and one-hot. */
const relaxed = {
  posterior: posteriors.relaxedCategorical({ temperature: 0.7 }),
  prior: priors.uniformCategorical({ temperature: 0.5 }),
};
const straightThrough = posteriors.relaxedCategorical({ temperature: 0.7, straightThrough: true });
const oneHot = { posterior: straightThrough, prior: priors.uniformCategorical() };
const oneHotOptions = {
  posteriorOptions: { support: "one-hot" },
  priorOptions: { support: "one-hot" },
} as const;

/** Beyond, ratios of μ and θ leave float32. */
const COUNTS = { logMean: [-40, 40], logInverseDispersion: [-40, 40] } as const;

/** Where hardly any draw is not 0, small θ have tails beyond the counts that the laws look at. */
const FEW_COUNTS = { logInverseDispersion: [-1, 3] } as const;

const landing = (samples: number) =>
  objectives.elbo({ divergence: sampledKl, samples, gradient: "stickingTheLanding" });
const doubly = (samples: number) => objectives.iwae({ samples, gradient: "doublyReparameterized" });

/** Columns of three kinds. */
export const table = likelihoods.columns({
  age: likelihoods.normal(),
  smokes: likelihoods.bernoulli(),
  job: likelihoods.categorical({ categories: 4 }),
});

/** A small model of `tf.layers`, which the plugin copies. */
function layersModel() {
  const model = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [4], units: 6, activation: "tanh" })],
  });
  const network = networks.layers({ model });
  model.dispose();
  return network;
}

/** A small model as a prior, whose posterior is anything but exact. */
const modelPrior = priors.modelPrior({
  latent: 2,
  encoder: networks.mlp({ hidden: [4], activation: "tanh" }),
  decoder: networks.mlp({ hidden: [4], activation: "tanh" }),
  posterior: posteriors.diagonalNormal(),
  prior: priors.standardNormal(),
  likelihood: likelihoods.normal(),
  samples: 3,
});
const ESTIMATED =
  "it holds of the density, which 'priors.modelPrior' shows, not of a rough estimate";

/** Where little of the mass lies nearer to 0 or 1 than the ε of the likelihood. */
const BETA = { ranges: { logits: [-1, 1], "weights/rawConcentration": [3, 6] } } as const;

/** The laws of one plugin, or of what is put in its place. */
export type Held = (options: LawOptions, instead?: unknown) => readonly Law[];

/** The laws of a plugin, and what they are told of it. */
function holds<P>(
  lawsOf: (plugin: P, options: PluginLawOptions) => readonly Law[],
  plugin: P,
  told: PluginLawOptions = {},
): Held {
  return (options, instead = plugin) => lawsOf(instead as P, { ...told, ...options });
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

/** By axis and plugin, and by what else tells two of them apart. */
export const held: Readonly<Record<string, Held>> = {
  "distributions.normal": holds(distributionLaws, normalFamily),
  "distributions.standardNormal": holds(distributionLaws, standardNormalFamily),
  "distributions.bernoulli": holds(distributionLaws, bernoulliFamily),
  "distributions.categorical": holds(distributionLaws, categoricalFamily({ categories: 4 }), {
    categories: 4,
  }),
  "distributions.laplace": holds(distributionLaws, distributions.laplaceFamily),
  "distributions.logistic": holds(distributionLaws, distributions.logisticFamily),
  "distributions.studentT": holds(distributionLaws, distributions.studentTFamily, {
    ranges: { degreesOfFreedom: [3, 30] }, // Below, its moments and tails are too wild to check.
    extremes: { degreesOfFreedom: [1.01, 1e3] },
  }),
  "distributions.logisticNormal": holds(distributionLaws, distributions.logisticNormalFamily),
  "distributions.logNormal": holds(distributionLaws, distributions.logNormalFamily, {
    extremes: { location: [-20, 20], scale: [1e-3, 4] }, // exp 88 leaves float32.
  }),
  "distributions.gamma": holds(distributionLaws, distributions.gammaFamily),
  "distributions.beta": holds(distributionLaws, distributions.betaFamily, {
    // Below β = 1 much of the mass lies nearer to 1 than float32 can tell from 1.
    ranges: { concentration0: [1, 4] },
  }),
  "distributions.negativeBinomial": holds(distributionLaws, distributions.negativeBinomialFamily, {
    extremes: COUNTS,
  }),
  "distributions.poisson": holds(distributionLaws, distributions.poissonFamily, {
    extremes: { logRate: [-80, 80] }, // exp 88 leaves float32.
  }),
  "distributions.powerSpherical": holds(distributionLaws, distributions.powerSphericalFamily),
  "distributions.uniformSphere": holds(distributionLaws, distributions.uniformSphereFamily),
  "distributions.multivariateNormal": holds(
    distributionLaws,
    distributions.multivariateNormalFamily,
    {
      extremes: { below: [-10, 10] },
    },
  ),
  "distributions.lowRankNormal": holds(
    distributionLaws,
    distributions.lowRankNormalFamily({ rank: 2 }),
  ),
  "distributions.factorizedMixture": holds(distributionLaws, distributions.factorizedMixtureFamily),
  "distributions.mixture": holds(distributionLaws, distributions.mixtureFamily),
  "distributions.continuousBernoulli": holds(
    distributionLaws,
    distributions.continuousBernoulliFamily,
  ),
  "distributions.zeroInflatedNegativeBinomial": holds(
    distributionLaws,
    distributions.zeroInflatedNegativeBinomialFamily,
    {
      extremes: COUNTS,
      ranges: FEW_COUNTS,
    },
  ),
  "distributions.discretizedLogistic": holds(
    distributionLaws,
    distributions.discretizedLogisticFamily({ levels: 5 }),
    {
      levels: 5,
    },
  ),
  "distributions.discretizedLogistic, 256 levels": holds(
    distributionLaws,
    distributions.discretizedLogisticFamily({ levels: 256 }),
    {
      levels: 256,
    },
  ),
  "distributions.transformed": holds(
    distributionLaws,
    distributions.transformedFamily({ map: logarithm }),
    {
      edges: [0, 1e-6, -10, 10], // exp 10⁴ leaves float32.
    },
  ),
  "posteriors.diagonalNormal": holds(posteriorLaws, posteriors.diagonalNormal()),
  "posteriors.fullCovarianceNormal": holds(
    posteriorLaws,
    posteriors.fullCovarianceNormal(),
    SUBSTITUTED,
  ),
  "posteriors.lowRankNormal": holds(posteriorLaws, posteriors.lowRankNormal({ rank: 2 })),
  "posteriors.lowRankNormal, rank 1": holds(posteriorLaws, posteriors.lowRankNormal({ rank: 1 })),
  "posteriors.logisticNormal": holds(posteriorLaws, posteriors.logisticNormal()),
  "priors.logisticNormal": holds(priorLaws, priors.logisticNormal()),
  "priors.logisticNormal, concentrated": holds(
    priorLaws,
    priors.logisticNormal({ concentration: 4 }),
  ),
  "posteriors.inverseAutoregressiveFlow": holds(
    posteriorLaws,
    posteriors.inverseAutoregressiveFlow({ layers: 1, hidden: [3], context: 1 }),
  ),
  "posteriors.laplace": holds(posteriorLaws, posteriors.laplace()),
  "priors.diagonalNormal": holds(priorLaws, priors.diagonalNormal()),
  "priors.flow": holds(
    priorLaws,
    priors.flow({
      flow: flows.maskedAutoregressive({ layers: 1, hidden: [4] }),
      base: priors.diagonalNormal(),
    }),
  ),
  "priors.laplace": holds(priorLaws, priors.laplace()),
  "priors.conditionalNormal": holds(
    priorLaws,
    priors.conditionalNormal({ network: networks.mlp({ hidden: [4], activation: "silu" }) }),
    { condition: [3] },
  ),
  "priors.mixtureOfNormals": holds(priorLaws, priors.mixtureOfNormals({ components: 3 })),
  "priors.modelPrior": holds(priorLaws, linearModelPrior()),
  "priors.modelPrior, conditioned": holds(priorLaws, linearModelPrior({ samples: 3 }), {
    condition: [2],
  }),
  "priors.modelPrior, estimated": holds(priorLaws, modelPrior, {
    skip: {
      "shapes": "a row that stands alone has other noise, and so another estimate",
      "density of draws": "a draw and the density estimate it with noise of their own",
      "normalization": ESTIMATED,
      "goodness of fit": ESTIMATED,
      "joint normalization": ESTIMATED,
      "joint goodness of fit": ESTIMATED,
      "reparameterization": ESTIMATED,
    },
  }),
  "priors.standardNormal": holds(priorLaws, priors.standardNormal()),
  "posteriors.powerSpherical": holds(posteriorLaws, posteriors.powerSpherical()),
  "priors.uniformSphere": holds(priorLaws, priors.uniformSphere()),
  "priors.vampPrior": holds(priorLaws, priors.vampPrior({ components: 3 })),
  "distributions.blockwise": holds(distributionLaws, distributions.blockwiseFamily),
  "distributions.masked": holds(distributionLaws, distributions.maskedFamily),
  "distributions.oneHotCategorical": holds(distributionLaws, oneHotCategoricalFamily),
  "distributions.relaxedOneHotCategorical": holds(distributionLaws, relaxedOneHotCategoricalFamily),
  "posteriors.relaxedCategorical": holds(posteriorLaws, relaxed.posterior),
  "posteriors.relaxedCategorical, straight through": holds(posteriorLaws, straightThrough, {
    support: "one-hot",
    skip: { reparameterization: "the gradient of relaxed draws is a biased one" },
  }),
  "priors.uniformCategorical": holds(priorLaws, priors.uniformCategorical(), {
    support: "one-hot",
  }),
  "priors.uniformCategorical, relaxed": holds(priorLaws, relaxed.prior),
  "likelihoods.continuousBernoulli": holds(likelihoodLaws, likelihoods.continuousBernoulli()),
  "likelihoods.discretizedLogisticMixture": holds(
    likelihoodLaws,
    likelihoods.discretizedLogisticMixture({ components: 3, levels: 5 }),
    {
      levels: 5,
    },
  ),
  "flows.affineCoupling": holds(flowLaws, flows.affineCoupling({ hidden: [4] })),
  "flows.affineCoupling, conditioned": holds(
    flowLaws,
    flows.affineCoupling({
      kept: "odd",
      network: networks.mlp({ hidden: [4], activation: "tanh" }),
    }),
    { condition: [2] },
  ),
  "flows.realNvp": holds(flowLaws, flows.realNvp({ layers: 2, hidden: [4] })),
  "flows.maskedAutoregressive": holds(
    flowLaws,
    flows.maskedAutoregressive({ layers: 2, hidden: [4] }),
  ),
  "flows.maskedAutoregressive, conditioned": holds(
    flowLaws,
    flows.maskedAutoregressive({ layers: 1, hidden: [4] }),
    {
      condition: [2],
    },
  ),
  "flows.inverseAutoregressive": holds(
    flowLaws,
    flows.inverseAutoregressive({ layers: 1, hidden: [4] }),
  ),
  "flows.chain": holds(
    flowLaws,
    flows.chain({
      flows: [
        flows.affineCoupling({ hidden: [3] }),
        flows.inverseAutoregressive({
          layers: 1,
          hidden: [3],
        }),
      ],
    }),
  ),
  "likelihoods.bernoulli": holds(likelihoodLaws, likelihoods.bernoulli()),
  "likelihoods.columns": holds(likelihoodLaws, table, { categories: 4 }),
  "likelihoods.beta, shared concentration": holds(likelihoodLaws, likelihoods.beta(), BETA),
  "likelihoods.beta, fixed concentration": holds(
    likelihoodLaws,
    likelihoods.beta({ concentration: 5, epsilon: 1e-5 }),
    {
      ranges: { logits: [-1, 1] },
    },
  ),
  "likelihoods.beta, concentration per output": holds(
    likelihoodLaws,
    likelihoods.beta({ concentration: "perOutput" }),
    {
      ranges: { logits: [-1, 1], rawConcentration: [3, 6] },
    },
  ),
  "likelihoods.categorical": holds(likelihoodLaws, likelihoods.categorical({ categories: 4 }), {
    categories: 4,
  }),
  "likelihoods.laplace, shared scale": holds(likelihoodLaws, likelihoods.laplace()),
  "likelihoods.laplace, fixed scale": holds(likelihoodLaws, likelihoods.laplace({ scale: 0.5 })),
  "likelihoods.laplace, scale per output": holds(
    likelihoodLaws,
    likelihoods.laplace({ scale: "perOutput" }),
  ),
  "likelihoods.negativeBinomial": holds(likelihoodLaws, likelihoods.negativeBinomial(), {
    offset: true,
  }),
  "likelihoods.negativeBinomial, dispersion per output": holds(
    likelihoodLaws,
    likelihoods.negativeBinomial({ dispersion: "perOutput" }),
    { offset: true },
  ),
  "likelihoods.studentT, shared": holds(likelihoodLaws, likelihoods.studentT()),
  "likelihoods.studentT, fixed": holds(
    likelihoodLaws,
    likelihoods.studentT({ degreesOfFreedom: 4, scale: 0.5 }),
  ),
  "likelihoods.studentT, scale per output": holds(
    likelihoodLaws,
    likelihoods.studentT({ degreesOfFreedom: 6, scale: "perOutput" }),
  ),
  "likelihoods.normal, shared scale": holds(likelihoodLaws, likelihoods.normal()),
  "likelihoods.normal, fixed scale": holds(likelihoodLaws, likelihoods.normal({ scale: 0.5 })),
  "likelihoods.normal, optimal scale": holds(
    likelihoodLaws,
    likelihoods.normal({ scale: "optimal" }),
  ),
  "likelihoods.normal, scale per output": holds(
    likelihoodLaws,
    likelihoods.normal({ scale: "perOutput" }),
  ),
  "likelihoods.poisson": holds(likelihoodLaws, likelihoods.poisson(), { offset: true }),
  "likelihoods.zeroInflatedNegativeBinomial": holds(
    likelihoodLaws,
    likelihoods.zeroInflatedNegativeBinomial(),
    { offset: true },
  ),
  "likelihoods.zeroInflatedNegativeBinomial, dispersion per output": holds(
    likelihoodLaws,
    likelihoods.zeroInflatedNegativeBinomial({ dispersion: "perOutput" }),
    { offset: true, ranges: FEW_COUNTS },
  ),
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
    closedFormKl({ closedForm: normalNormal }),
    normals,
  ),
  "divergences.closedFormKl, normalStandardNormal": diverges(
    closedFormKl({ closedForm: normalStandardNormal }),
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
    {
      posterior: distributions.logisticNormalFamily,
      prior: distributions.logisticNormalFamily,
    },
  ),
  "divergences.closedFormKl, laplaceLaplace": diverges(
    closedFormKl({ closedForm: divergences.laplaceLaplace }),
    {
      posterior: distributions.laplaceFamily,
      prior: distributions.laplaceFamily,
    },
  ),
  "divergences.closedFormKl, multivariateNormalStandardNormal": diverges(
    closedFormKl({ closedForm: divergences.multivariateNormalStandardNormal }),
    {
      posterior: posteriors.fullCovarianceNormal(),
      prior: pair.prior,
    },
  ),
  "divergences.closedFormKl, lowRankNormalStandardNormal": diverges(
    closedFormKl({ closedForm: divergences.lowRankNormalStandardNormal }),
    {
      posterior: posteriors.lowRankNormal({ rank: 2 }),
      prior: pair.prior,
    },
  ),
  "divergences.kl, relaxedCategorical": diverges(kl(), relaxed),
  "divergences.kl, straight through": diverges(kl(), { ...oneHot, ...oneHotOptions }),
  "divergences.closedFormKl, categoricalCategorical": diverges(
    closedFormKl({ closedForm: categoricalCategorical }),
    {
      ...oneHot,
      ...oneHotOptions,
    },
  ),
  "divergences.categoricalKl": diverges(categoricalKl(), relaxed),
  "divergences.closedFormKl, powerSphericalUniformSphere": diverges(
    closedFormKl({ closedForm: divergences.powerSphericalUniformSphere }),
    {
      posterior: posteriors.powerSpherical(),
      prior: priors.uniformSphere(),
    },
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
  "objectives.elbo": (options) =>
    objectiveLaws(objectives.elbo({ divergence: kl() }), {
      withSamples: (samples) => objectives.elbo({ divergence: kl(), samples }),
      ...options,
    }),
  "objectives.elbo, sampled": (options) =>
    objectiveLaws(objectives.elbo({ divergence: kl({ closedForms: [] }), samples: 3 }), options),
  "objectives.elbo, weighted": (options) =>
    objectiveLaws(objectives.elbo({ divergence: betaKl({ beta: warmUp }), samples: 3 }), options),
  "objectives.elbo, sticking the landing": (options) =>
    objectiveLaws(landing(4), { withSamples: landing, ...options }),
  "objectives.iwae": (options) =>
    objectiveLaws(objectives.iwae(), {
      withSamples: (samples) => objectives.iwae({ samples }),
      ...options,
    }),
  "objectives.iwae, doubly reparameterized": (options) =>
    objectiveLaws(doubly(5), { withSamples: doubly, ...options }),
  "objectives.renyi": (options) =>
    objectiveLaws(objectives.renyi({ order: 0.5 }), {
      withSamples: (samples) => objectives.renyi({ order: 0.5, samples }),
      ...options,
    }),
  "objectives.renyi, above order 1": (options) =>
    objectiveLaws(objectives.renyi({ order: 2 }), {
      skip: { bound: "it lies below the ELBO" },
      ...options,
    }),
  "objectives.renyi, below order 0": (options) =>
    objectiveLaws(objectives.renyi({ order: -1 }), options),
  "networks.mlp": (options) => networkLaws(networks.mlp({ hidden: [8, 6] }), options),
  "networks.mlp, conditioned": (options) =>
    networkLaws(networks.mlp({ hidden: [8], activation: "silu" }), {
      condition: [3],
      input: [2, 3],
      heads: { logits: [2, 2] },
      ...options,
    }),
  "networks.conv": (options) =>
    networkLaws(networks.conv({ channels: [2, 3], hidden: [4] }), { input: [5, 3, 2], ...options }),
  "networks.conv, conditioned": (options) =>
    networkLaws(networks.conv({ channels: [2], kernelSize: 2, activation: "silu" }), {
      condition: [3],
      input: [3, 4],
      ...options,
    }),
  "networks.deconv": (options) =>
    networkLaws(networks.deconv({ channels: [3, 2], hidden: [4] }), {
      heads: { mean: [5, 3, 2], rawScale: [5, 3, 2] },
      ...options,
    }),
  "networks.deconv, conditioned": (options) =>
    networkLaws(networks.deconv({ channels: [2], kernelSize: 2, activation: "silu" }), {
      condition: [3],
      heads: { logits: [3, 4] },
      ...options,
    }),
  "networks.gatedMlp": (options) => networkLaws(networks.gatedMlp({ hidden: [8, 6] }), options),
  "networks.gatedMlp, conditioned": (options) =>
    networkLaws(networks.gatedMlp({ hidden: [5] }), {
      condition: [3],
      input: [2, 3],
      heads: { logits: [2, 2] },
      ...options,
    }),
  "networks.residualConv": (options) =>
    networkLaws(
      networks.residualConv({ channels: [2, 3], blocks: 2, hidden: [4], activation: "elu" }),
      { input: [5, 3, 2], ...options },
    ),
  "networks.residualConv, conditioned": (options) =>
    networkLaws(networks.residualConv({ channels: [2], kernelSize: 2, activation: "silu" }), {
      condition: [3],
      input: [3, 4],
      ...options,
    }),
  "networks.residualDeconv": (options) =>
    networkLaws(
      networks.residualDeconv({ channels: [3, 2], blocks: 2, hidden: [4], activation: "elu" }),
      { heads: { mean: [5, 3, 2], rawScale: [5, 3, 2] }, ...options },
    ),
  "networks.residualDeconv, conditioned": (options) =>
    networkLaws(networks.residualDeconv({ channels: [2], kernelSize: 2, activation: "silu" }), {
      condition: [3],
      heads: { logits: [3, 4] },
      ...options,
    }),
  "networks.symlog": (options) =>
    networkLaws(networks.symlog({ network: networks.mlp({ hidden: [5] }) }), options),
  "networks.layers": (options) => networkLaws(layersModel(), options),
  "likelihoods.normal, optimal scale, vae": (options) =>
    modelLaws(() =>
      vae({
        ...tinyParts,
        likelihood: likelihoods.normal({ scale: "optimal" }),
        divergence: kl(),
      }), options),
  "vae": (options) => modelLaws(() => tinyModel(), options),
  "vae, priors.modelPrior": (options) =>
    modelLaws(
      () => vae({ ...tinyParts, prior: modelPrior, divergence: divergences.kl() }),
      options,
    ),
};
