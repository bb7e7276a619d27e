/**
 * Models that have every kind of part between them, each small: to be saved, loaded and harmed.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import {
  divergences,
  flows,
  likelihoods,
  networks,
  objectives,
  posteriors,
  presets,
  priors,
  schedules,
  type Vae,
  vae,
} from "../../mod.ts";

const tiny = { data: [6], latent: 2, hidden: [4] } as const;

const parts = {
  data: [6],
  latent: 2,
  encoder: networks.mlp({ hidden: [4] }),
  decoder: networks.mlp({ hidden: [4] }),
  posterior: posteriors.diagonalNormal(),
  prior: priors.standardNormal(),
  likelihood: likelihoods.bernoulli(),
} as const;

const kl = divergences.kl();

const columns = {
  age: likelihoods.normal({ scale: "perOutput" }),
  visits: likelihoods.poisson(),
  job: likelihoods.categorical({ categories: 3 }),
};

function layers(): Vae {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [6], units: 4, activation: "relu" }),
      tf.layers.dropout({ rate: 0.1 }),
      tf.layers.batchNormalization({}),
    ],
  });
  const encoder = networks.layers({ model });
  model.dispose();
  return vae({ ...parts, encoder, divergence: kl });
}

/** How each model is made, by a name. */
export const smallModels: Readonly<Record<string, () => Vae>> = {
  betaTcVae: () => presets.betaTcVae({ ...tiny, beta: 2 }),
  capacity: () => {
    const nats = schedules.linear({ from: 0, to: 4, steps: 100 });
    return vae({ ...parts, divergence: divergences.capacity({ nats, gamma: 5 }) });
  },
  conditional: () =>
    vae({
      ...parts,
      condition: [2],
      encoder: networks.gatedMlp({ hidden: [4] }),
      prior: priors.conditionalNormal({ network: networks.mlp({ hidden: [3] }) }),
      divergence: divergences.freeBits({ nats: 0.5 }),
    }),
  convolutions: () =>
    vae({
      ...parts,
      data: [4, 4, 1],
      encoder: networks.conv({ channels: [2, 3] }),
      decoder: networks.deconv({ channels: [3, 2] }),
      likelihood: likelihoods.discretizedLogisticMixture({ components: 2, levels: 4 }),
      divergence: kl,
    }),
  countVae: () => presets.countVae(tiny),
  flows: () => {
    const flow = flows.chain({
      flows: [
        flows.realNvp({ layers: 2, hidden: [3] }),
        flows.maskedAutoregressive({ layers: 1, hidden: [3] }),
      ],
    });
    return vae({
      ...parts,
      posterior: posteriors.inverseAutoregressiveFlow({ layers: 1, hidden: [3], context: 2 }),
      prior: priors.flow({ flow }),
      divergence: kl,
    });
  },
  gumbelVae: () => presets.gumbelVae({ ...tiny, categories: 3 }),
  hierarchical: () =>
    vae({
      ...parts,
      prior: priors.modelPrior({
        ...parts,
        latent: 1,
        likelihood: likelihoods.normal({ scale: "perOutput" }),
      }),
      divergence: kl,
    }),
  infoVae: () => presets.infoVae({ ...tiny, alpha: 0.5 }),
  iwae: () =>
    vae({
      ...parts,
      encoder: networks.symlog({ network: networks.mlp({ hidden: [4] }) }),
      likelihood: likelihoods.studentT(),
      objective: objectives.iwae({ samples: 3 }),
    }),
  layers,
  lowRank: () =>
    vae({
      ...parts,
      posterior: posteriors.lowRankNormal({ rank: 1 }),
      prior: priors.mixtureOfNormals({ components: 3 }),
      likelihood: likelihoods.beta(),
      divergence: kl,
    }),
  residual: () =>
    vae({
      ...parts,
      data: [4, 4, 1],
      encoder: networks.residualConv({ channels: [2], blocks: 1 }),
      decoder: networks.residualDeconv({ channels: [2], blocks: 1 }),
      posterior: posteriors.fullCovarianceNormal(),
      likelihood: likelihoods.normal({ scale: "shared" }),
      divergence: kl,
    }),
  sphericalVae: () => presets.sphericalVae({ ...tiny, latent: 3 }),
  standardized: () =>
    vae({
      ...parts,
      likelihood: likelihoods.normal(),
      standardization: { mean: [0, 1, 2, 3, 4, 5], scale: [1, 2, 3, 4, 5, 6] },
      divergence: kl,
    }),
  tabularVae: () => presets.tabularVae({ columns, latent: 2, hidden: [4] }),
  vampVae: () => presets.vampVae({ ...tiny, components: 4 }),
};
