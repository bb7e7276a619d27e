/**
 * Every plugin of Elbo, with the laws that it is held to.
 *
 * @module
 */
import {
  distributions,
  divergences,
  flows,
  type InvertibleMap,
  likelihoods,
  networks,
  objectives,
  posteriors,
  priors,
  schedules,
  vae,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { linearModelPrior } from "../stand_ins/linear_model.ts";
import {
  distributionLaws,
  divergenceLaws,
  flowLaws,
  type Law,
  type LawOptions,
  likelihoodLaws,
  modelLaws,
  networkLaws,
  objectiveLaws,
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
const logarithm: InvertibleMap = {
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
const table = likelihoods.columns({
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

/** The laws of one plugin. */
export type Held = (options: LawOptions) => readonly Law[];

/** By axis and plugin, and by what else tells two of them apart. */
export const held: Readonly<Record<string, Held>> = {
  "distributions.normal": (options) => distributionLaws(normalFamily, options),
  "distributions.standardNormal": (options) => distributionLaws(standardNormalFamily, options),
  "distributions.bernoulli": (options) => distributionLaws(bernoulliFamily, options),
  "distributions.categorical": (options) =>
    distributionLaws(categoricalFamily({ categories: 4 }), { categories: 4, ...options }),
  "distributions.laplace": (options) => distributionLaws(distributions.laplaceFamily, options),
  "distributions.logistic": (options) => distributionLaws(distributions.logisticFamily, options),
  "distributions.studentT": (options) =>
    distributionLaws(distributions.studentTFamily, {
      ranges: { degreesOfFreedom: [3, 30] }, // Below, its moments and tails are too wild to check.
      extremes: { degreesOfFreedom: [1.01, 1e3] },
      ...options,
    }),
  "distributions.logisticNormal": (options) =>
    distributionLaws(distributions.logisticNormalFamily, options),
  "distributions.logNormal": (options) =>
    distributionLaws(distributions.logNormalFamily, {
      extremes: { location: [-20, 20], scale: [1e-3, 4] }, // exp 88 leaves float32.
      ...options,
    }),
  "distributions.gamma": (options) => distributionLaws(distributions.gammaFamily, options),
  "distributions.beta": (options) =>
    distributionLaws(distributions.betaFamily, {
      // Below β = 1 much of the mass lies nearer to 1 than float32 can tell from 1.
      ranges: { concentration0: [1, 4] },
      ...options,
    }),
  "distributions.negativeBinomial": (options) =>
    distributionLaws(distributions.negativeBinomialFamily, { extremes: COUNTS, ...options }),
  "distributions.poisson": (options) =>
    distributionLaws(distributions.poissonFamily, {
      extremes: { logRate: [-80, 80] }, // exp 88 leaves float32.
      ...options,
    }),
  "distributions.powerSpherical": (options) =>
    distributionLaws(distributions.powerSphericalFamily, options),
  "distributions.uniformSphere": (options) =>
    distributionLaws(distributions.uniformSphereFamily, options),
  "distributions.multivariateNormal": (options) =>
    distributionLaws(distributions.multivariateNormalFamily, {
      extremes: { below: [-10, 10] },
      ...options,
    }),
  "distributions.lowRankNormal": (options) =>
    distributionLaws(distributions.lowRankNormalFamily({ rank: 2 }), options),
  "distributions.factorizedMixture": (options) =>
    distributionLaws(distributions.factorizedMixtureFamily, options),
  "distributions.mixture": (options) => distributionLaws(distributions.mixtureFamily, options),
  "distributions.continuousBernoulli": (options) =>
    distributionLaws(distributions.continuousBernoulliFamily, options),
  "distributions.zeroInflatedNegativeBinomial": (options) =>
    distributionLaws(distributions.zeroInflatedNegativeBinomialFamily, {
      extremes: COUNTS,
      ranges: FEW_COUNTS,
      ...options,
    }),
  "distributions.discretizedLogistic": (options) =>
    distributionLaws(distributions.discretizedLogisticFamily({ levels: 5 }), {
      levels: 5,
      ...options,
    }),
  "distributions.discretizedLogistic, 256 levels": (options) =>
    distributionLaws(distributions.discretizedLogisticFamily({ levels: 256 }), {
      levels: 256,
      ...options,
    }),
  "distributions.transformed": (options) =>
    distributionLaws(distributions.transformedFamily({ map: logarithm }), {
      edges: [0, 1e-6, -10, 10], // exp 10⁴ leaves float32.
      ...options,
    }),
  "posteriors.diagonalNormal": (options) => posteriorLaws(posteriors.diagonalNormal(), options),
  "posteriors.fullCovarianceNormal": (options) =>
    posteriorLaws(posteriors.fullCovarianceNormal(), { ...SUBSTITUTED, ...options }),
  "posteriors.lowRankNormal": (options) =>
    posteriorLaws(posteriors.lowRankNormal({ rank: 2 }), options),
  "posteriors.lowRankNormal, rank 1": (options) =>
    posteriorLaws(posteriors.lowRankNormal({ rank: 1 }), options),
  "posteriors.logisticNormal": (options) => posteriorLaws(posteriors.logisticNormal(), options),
  "priors.logisticNormal": (options) => priorLaws(priors.logisticNormal(), options),
  "priors.logisticNormal, concentrated": (options) =>
    priorLaws(priors.logisticNormal({ concentration: 4 }), options),
  "posteriors.inverseAutoregressiveFlow": (options) =>
    posteriorLaws(
      posteriors.inverseAutoregressiveFlow({ layers: 1, hidden: [3], context: 1 }),
      options,
    ),
  "posteriors.laplace": (options) => posteriorLaws(posteriors.laplace(), options),
  "priors.diagonalNormal": (options) => priorLaws(priors.diagonalNormal(), options),
  "priors.flow": (options) =>
    priorLaws(
      priors.flow({
        flow: flows.maskedAutoregressive({ layers: 1, hidden: [4] }),
        base: priors.diagonalNormal(),
      }),
      options,
    ),
  "priors.laplace": (options) => priorLaws(priors.laplace(), options),
  "priors.conditionalNormal": (options) =>
    priorLaws(
      priors.conditionalNormal({ network: networks.mlp({ hidden: [4], activation: "silu" }) }),
      { condition: [3], ...options },
    ),
  "priors.mixtureOfNormals": (options) =>
    priorLaws(priors.mixtureOfNormals({ components: 3 }), options),
  "priors.modelPrior": (options) => priorLaws(linearModelPrior(), options),
  "priors.modelPrior, conditioned": (options) =>
    priorLaws(linearModelPrior({ samples: 3 }), { condition: [2], ...options }),
  "priors.modelPrior, estimated": (options) =>
    priorLaws(modelPrior, {
      skip: {
        "shapes": "a row that stands alone has other noise, and so another estimate",
        "density of draws": "a draw and the density estimate it with noise of their own",
        "normalization": ESTIMATED,
        "goodness of fit": ESTIMATED,
        "joint normalization": ESTIMATED,
        "joint goodness of fit": ESTIMATED,
        "reparameterization": ESTIMATED,
      },
      ...options,
    }),
  "priors.standardNormal": (options) => priorLaws(priors.standardNormal(), options),
  "posteriors.powerSpherical": (options) => posteriorLaws(posteriors.powerSpherical(), options),
  "priors.uniformSphere": (options) => priorLaws(priors.uniformSphere(), options),
  "priors.vampPrior": (options) => priorLaws(priors.vampPrior({ components: 3 }), options),
  "distributions.blockwise": (options) => distributionLaws(distributions.blockwiseFamily, options),
  "distributions.masked": (options) => distributionLaws(distributions.maskedFamily, options),
  "distributions.oneHotCategorical": (options) =>
    distributionLaws(oneHotCategoricalFamily, options),
  "distributions.relaxedOneHotCategorical": (options) =>
    distributionLaws(relaxedOneHotCategoricalFamily, options),
  "posteriors.relaxedCategorical": (options) => posteriorLaws(relaxed.posterior, options),
  "posteriors.relaxedCategorical, straight through": (options) =>
    posteriorLaws(straightThrough, {
      support: "one-hot",
      skip: { reparameterization: "the gradient of relaxed draws is a biased one" },
      ...options,
    }),
  "priors.uniformCategorical": (options) =>
    priorLaws(priors.uniformCategorical(), { support: "one-hot", ...options }),
  "priors.uniformCategorical, relaxed": (options) => priorLaws(relaxed.prior, options),
  "likelihoods.continuousBernoulli": (options) =>
    likelihoodLaws(likelihoods.continuousBernoulli(), options),
  "likelihoods.discretizedLogisticMixture": (options) =>
    likelihoodLaws(likelihoods.discretizedLogisticMixture({ components: 3, levels: 5 }), {
      levels: 5,
      ...options,
    }),
  "flows.affineCoupling": (options) => flowLaws(flows.affineCoupling({ hidden: [4] }), options),
  "flows.affineCoupling, conditioned": (options) =>
    flowLaws(
      flows.affineCoupling({
        kept: "odd",
        network: networks.mlp({ hidden: [4], activation: "tanh" }),
      }),
      { condition: [2], ...options },
    ),
  "flows.realNvp": (options) => flowLaws(flows.realNvp({ layers: 2, hidden: [4] }), options),
  "flows.maskedAutoregressive": (options) =>
    flowLaws(flows.maskedAutoregressive({ layers: 2, hidden: [4] }), options),
  "flows.maskedAutoregressive, conditioned": (options) =>
    flowLaws(flows.maskedAutoregressive({ layers: 1, hidden: [4] }), {
      condition: [2],
      ...options,
    }),
  "flows.inverseAutoregressive": (options) =>
    flowLaws(flows.inverseAutoregressive({ layers: 1, hidden: [4] }), options),
  "flows.chain": (options) =>
    flowLaws(
      flows.chain({
        flows: [
          flows.affineCoupling({ hidden: [3] }),
          flows.inverseAutoregressive({
            layers: 1,
            hidden: [3],
          }),
        ],
      }),
      options,
    ),
  "likelihoods.bernoulli": (options) => likelihoodLaws(likelihoods.bernoulli(), options),
  "likelihoods.columns": (options) => likelihoodLaws(table, { categories: 4, ...options }),
  "likelihoods.beta, shared concentration": (options) =>
    likelihoodLaws(likelihoods.beta(), { ...BETA, ...options }),
  "likelihoods.beta, fixed concentration": (options) =>
    likelihoodLaws(likelihoods.beta({ concentration: 5, epsilon: 1e-5 }), {
      ranges: { logits: [-1, 1] },
      ...options,
    }),
  "likelihoods.beta, concentration per output": (options) =>
    likelihoodLaws(likelihoods.beta({ concentration: "perOutput" }), {
      ranges: { logits: [-1, 1], rawConcentration: [3, 6] },
      ...options,
    }),
  "likelihoods.categorical": (options) =>
    likelihoodLaws(likelihoods.categorical({ categories: 4 }), { categories: 4, ...options }),
  "likelihoods.laplace, shared scale": (options) => likelihoodLaws(likelihoods.laplace(), options),
  "likelihoods.laplace, fixed scale": (options) =>
    likelihoodLaws(likelihoods.laplace({ scale: 0.5 }), options),
  "likelihoods.laplace, scale per output": (options) =>
    likelihoodLaws(likelihoods.laplace({ scale: "perOutput" }), options),
  "likelihoods.negativeBinomial": (options) =>
    likelihoodLaws(likelihoods.negativeBinomial(), options),
  "likelihoods.negativeBinomial, dispersion per output": (options) =>
    likelihoodLaws(likelihoods.negativeBinomial({ dispersion: "perOutput" }), options),
  "likelihoods.studentT, shared": (options) => likelihoodLaws(likelihoods.studentT(), options),
  "likelihoods.studentT, fixed": (options) =>
    likelihoodLaws(likelihoods.studentT({ degreesOfFreedom: 4, scale: 0.5 }), options),
  "likelihoods.studentT, scale per output": (options) =>
    likelihoodLaws(likelihoods.studentT({ degreesOfFreedom: 6, scale: "perOutput" }), options),
  "likelihoods.normal, shared scale": (options) => likelihoodLaws(likelihoods.normal(), options),
  "likelihoods.normal, fixed scale": (options) =>
    likelihoodLaws(likelihoods.normal({ scale: 0.5 }), options),
  "likelihoods.normal, optimal scale": (options) =>
    likelihoodLaws(likelihoods.normal({ scale: "optimal" }), options),
  "likelihoods.normal, scale per output": (options) =>
    likelihoodLaws(likelihoods.normal({ scale: "perOutput" }), options),
  "likelihoods.poisson": (options) => likelihoodLaws(likelihoods.poisson(), options),
  "likelihoods.zeroInflatedNegativeBinomial": (options) =>
    likelihoodLaws(likelihoods.zeroInflatedNegativeBinomial(), options),
  "likelihoods.zeroInflatedNegativeBinomial, dispersion per output": (options) =>
    likelihoodLaws(likelihoods.zeroInflatedNegativeBinomial({ dispersion: "perOutput" }), {
      ranges: FEW_COUNTS,
      ...options,
    }),
  "divergences.capacity": (options) =>
    divergenceLaws(
      capacity({ nats: schedules.linear({ from: 0, to: 5, steps: 1000 }), gamma: 3 }),
      {
        ...pair,
        contributes: ({ nats, progress }) => -3 * Math.abs(nats - 5 * warmth(progress.step)),
        ...options,
      },
    ),
  "divergences.capacity, sampled": (options) =>
    divergenceLaws(
      capacity({ nats: 2, gamma: 1, divergence: betaKl({ beta: 4, divergence: sampledKl }) }),
      { ...pair, contributes: ({ nats }) => -Math.abs(4 * nats - 2), ...options },
    ),
  "divergences.freeBits": (options) =>
    divergenceLaws(freeBits({ nats: 0.5 }), {
      ...pair,
      contributes: ({ batch }) => -freed(0.5, batch),
      ...options,
    }),
  "divergences.freeBits, sampled": (options) =>
    divergenceLaws(
      freeBits({ nats: 0.5, divergence: betaKl({ beta: 4, divergence: sampledKl }) }),
      { ...pair, contributes: ({ batch }) => -4 * freed(0.5, batch), ...options },
    ),
  "divergences.freeBits, per datum": (options) =>
    divergenceLaws(freeBits({ nats: 2, per: "datum" }), {
      ...pair,
      contributes: ({ nats }) => -Math.max(2, nats),
      ...options,
    }),
  "divergences.kl": (options) => divergenceLaws(kl(), { ...pair, ...options }),
  "divergences.kl, sampled": (options) => divergenceLaws(sampledKl, { ...pair, ...options }),
  "divergences.closedFormKl, normalNormal": (options) =>
    divergenceLaws(closedFormKl({ closedForm: normalNormal }), { ...normals, ...options }),
  "divergences.closedFormKl, normalStandardNormal": (options) =>
    divergenceLaws(closedFormKl({ closedForm: normalStandardNormal }), { ...pair, ...options }),
  "divergences.kl, priors.diagonalNormal": (options) =>
    divergenceLaws(kl(), { ...pair, prior: priors.diagonalNormal(), ...options }),
  "divergences.kl, laplaceLaplace": (options) =>
    divergenceLaws(kl(), {
      posterior: posteriors.laplace(),
      prior: priors.laplace(),
      ...options,
    }),
  "divergences.kl, logisticNormalLogisticNormal": (options) =>
    divergenceLaws(kl(), {
      posterior: posteriors.logisticNormal(),
      prior: priors.logisticNormal({ concentration: 0.5 }),
      ...options,
    }),
  "divergences.closedFormKl, logisticNormalLogisticNormal": (options) =>
    divergenceLaws(closedFormKl({ closedForm: divergences.logisticNormalLogisticNormal }), {
      posterior: distributions.logisticNormalFamily,
      prior: distributions.logisticNormalFamily,
      ...options,
    }),
  "divergences.closedFormKl, laplaceLaplace": (options) =>
    divergenceLaws(closedFormKl({ closedForm: divergences.laplaceLaplace }), {
      posterior: distributions.laplaceFamily,
      prior: distributions.laplaceFamily,
      ...options,
    }),
  "divergences.closedFormKl, multivariateNormalStandardNormal": (options) =>
    divergenceLaws(closedFormKl({ closedForm: divergences.multivariateNormalStandardNormal }), {
      posterior: posteriors.fullCovarianceNormal(),
      prior: pair.prior,
      ...options,
    }),
  "divergences.closedFormKl, lowRankNormalStandardNormal": (options) =>
    divergenceLaws(closedFormKl({ closedForm: divergences.lowRankNormalStandardNormal }), {
      posterior: posteriors.lowRankNormal({ rank: 2 }),
      prior: pair.prior,
      ...options,
    }),
  "divergences.kl, relaxedCategorical": (options) =>
    divergenceLaws(kl(), { ...relaxed, ...options }),
  "divergences.kl, straight through": (options) =>
    divergenceLaws(kl(), { ...oneHot, ...oneHotOptions, ...options }),
  "divergences.closedFormKl, categoricalCategorical": (options) =>
    divergenceLaws(closedFormKl({ closedForm: categoricalCategorical }), {
      ...oneHot,
      ...oneHotOptions,
      ...options,
    }),
  "divergences.categoricalKl": (options) =>
    divergenceLaws(categoricalKl(), { ...relaxed, ...options }),
  "divergences.closedFormKl, powerSphericalUniformSphere": (options) =>
    divergenceLaws(closedFormKl({ closedForm: divergences.powerSphericalUniformSphere }), {
      posterior: posteriors.powerSpherical(),
      prior: priors.uniformSphere(),
      ...options,
    }),
  "divergences.betaKl": (options) =>
    divergenceLaws(betaKl({ beta: 4 }), {
      ...pair,
      contributes: ({ nats }) => -4 * nats,
      ...options,
    }),
  "divergences.betaKl, schedules.linear": (options) =>
    divergenceLaws(betaKl({ beta: warmUp }), {
      ...pair,
      contributes: ({ nats, progress }) => -warmth(progress.step) * nats,
      ...options,
    }),
  "divergences.betaKl, schedules.constant": (options) =>
    divergenceLaws(
      betaKl({ beta: schedules.constant({ value: 0.5 }), divergence: betaKl({ beta: 3 }) }),
      {
        ...pair,
        contributes: ({ nats }) => -1.5 * nats,
        ...options,
      },
    ),
  "divergences.betaKl, schedules.cosine": (options) =>
    divergenceLaws(betaKl({ beta: schedules.cosine({ from: 0, to: 1, steps: 1000 }) }), {
      ...pair,
      contributes: ({ nats, progress }) =>
        -(Math.sin(0.5 * Math.PI * warmth(progress.step)) ** 2) * nats,
      ...options,
    }),
  "divergences.betaKl, schedules.cyclical": (options) =>
    divergenceLaws(betaKl({ beta: schedules.cyclical({ from: 0, to: 1, steps: 1600 }) }), {
      ...pair,
      contributes: ({ nats, progress: { step } }) =>
        -(step >= 1600 ? 1 : Math.min(1, (step % 400) / 200)) * nats,
      ...options,
    }),
  "divergences.betaKl, schedules.sigmoid": (options) =>
    divergenceLaws(
      betaKl({ beta: schedules.sigmoid({ from: 0, to: 2, midpoint: 1000, width: 300 }) }),
      {
        ...pair,
        contributes: ({ nats, progress }) => -(1 + Math.tanh((progress.step - 1000) / 600)) * nats,
        ...options,
      },
    ),
  "divergences.mmd": (options) => divergenceLaws(mmd(), { ...pair, ...options }),
  "divergences.mmd, biased": (options) =>
    divergenceLaws(
      mmd({ kernel: "rbf", bandwidths: [0.5, 1], statistic: "biased", weight: warmUp }),
      {
        ...pair,
        contributes: ({ nats, progress }) => -warmth(progress.step) * nats,
        ...options,
      },
    ),
  "divergences.mmd, InfoVAE": (options) =>
    divergenceLaws(mmd({ weight: 10, divergence: betaKl({ beta: 0.5 }) }), {
      ...pair,
      contributes: ({ name, nats }) => (name === "squared MMD" ? -10 : -0.5) * nats,
      ...options,
    }),
  "divergences.totalCorrelation": (options) =>
    divergenceLaws(totalCorrelation({ beta: 1 }), { ...pair, ...options }),
  "divergences.totalCorrelation, weighted": (options) =>
    divergenceLaws(totalCorrelation({ alpha: 0, beta: 6, gamma: warmUp, sampling: "stratified" }), {
      ...pair,
      contributes: ({ name, nats, progress }) =>
        -{
          "index-code mutual information": 0,
          "total correlation": 6,
          "dimension-wise KL": warmth(progress.step),
        }[name]! * nats,
      ...options,
    }),
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
