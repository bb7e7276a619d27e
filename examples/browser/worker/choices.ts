/**
 * What fits some data: a likelihood is offered where its support accepts them, a network of
 * convolutions where they are pictures.
 *
 * @module
 */
import {
  type AnyNetwork,
  type Distribution,
  divergences,
  flows,
  type Leaf,
  type Likelihood,
  likelihoods,
  networks,
  posteriors,
  type Prior,
  priors,
  type Support,
  type Vae,
  vae,
} from "../../../mod.ts";
import { accepts } from "../../../core/support.ts";
import type { Choice, Settings } from "../protocol.ts";
import type { Data } from "./data.ts";

/** A likelihood as it is offered. */
interface Offer {
  readonly label: string;
  readonly make: () => AnyLikelihood;
}

/** Any likelihood, with its heads forgotten. */
type AnyLikelihood = { readonly support: Support };

/** In the order in which they are offered: the first that fits is the one to begin with. */
const LIKELIHOODS: Readonly<Record<string, Offer>> = {
  bernoulli: { label: "Bernoulli", make: likelihoods.bernoulli },
  continuousBernoulli: {
    label: "Continuous Bernoulli",
    make: likelihoods.continuousBernoulli,
  },
  beta: { label: "Beta", make: () => likelihoods.beta() },
  negativeBinomial: { label: "Negative binomial", make: likelihoods.negativeBinomial },
  poisson: { label: "Poisson", make: likelihoods.poisson },
  normal: { label: "Normal, one learned scale", make: () => likelihoods.normal() },
  laplace: { label: "Laplace", make: () => likelihoods.laplace() },
  studentT: { label: "Student’s t", make: () => likelihoods.studentT() },
};

/** The likelihoods that accept a leaf. Codes of classes have only one. */
export function likelihoodsFor(leaf: Leaf): readonly Choice[] {
  if (leaf === "category") return [{ name: "categorical", label: "Categorical" }];
  return Object.entries(LIKELIHOODS)
    .filter(([, { make }]) => accepts(make().support, leaf))
    .map(([name, { label }]) => ({ name, label }));
}

/** The networks for some shape. */
export function networksFor(shape: readonly number[]): readonly Choice[] {
  const dense = [
    { name: "mlp", label: "Dense layers" },
    { name: "gatedMlp", label: "Gated dense layers" },
  ];
  return shape.length === 1 ? dense : [...dense, { name: "conv", label: "Convolutions" }];
}

/** The priors for some data. Pseudo-inputs that are trained cannot be codes of classes. */
export function priorsFor(support: Support): readonly Choice[] {
  const leaves: readonly Leaf[] = typeof support === "string" ? [support] : Object.values(support);
  const vampPrior = { name: "vampPrior", label: "VampPrior, 50 pseudo-inputs" };
  return [
    { name: "standardNormal", label: "Standard normal" },
    { name: "mixtureOfNormals", label: "Mixture of 10 normals" },
    ...leaves.includes("category") ? [] : [vampPrior],
    { name: "flow", label: "Real NVP flow" },
    { name: "laplace", label: "Laplace" },
  ];
}

function networksOf({ network, width }: Settings): { encoder: AnyNetwork; decoder: AnyNetwork } {
  if (network === "conv") {
    const channels = width >= 256 ? [32, 64] : [16, 32];
    return {
      encoder: networks.conv({ channels, hidden: [width] }),
      decoder: networks.deconv({ channels: channels.toReversed(), hidden: [width] }),
    };
  }
  const hidden = [width, Math.max(16, Math.round(width / 2))];
  const back = hidden.toReversed();
  return network === "gatedMlp"
    ? {
      encoder: networks.gatedMlp({ hidden }),
      decoder: networks.gatedMlp({ hidden: back }),
    }
    : {
      encoder: networks.mlp({ hidden, activation: "silu" }),
      decoder: networks.mlp({ hidden: back, activation: "silu" }),
    };
}

function priorOf({ prior, latent }: Settings): Prior<Distribution> {
  switch (prior) {
    case "mixtureOfNormals":
      return priors.mixtureOfNormals({ components: 10 });
    case "vampPrior":
      return priors.vampPrior({ components: 50 });
    case "flow":
      return priors.flow({ flow: flows.realNvp({ layers: latent === 1 ? 1 : 4 }) });
    case "laplace":
      return priors.laplace();
    default:
      return priors.standardNormal();
  }
}

function likelihoodOf({ columns }: Data, settings: Settings): AnyLikelihood {
  if (columns === undefined) return LIKELIHOODS[settings.likelihood]!.make();
  return likelihoods.columns(Object.fromEntries(columns.map(({ name, words }) => [
    name,
    (words === undefined
      ? LIKELIHOODS[settings.columns[name]!]!.make()
      : likelihoods.categorical({ categories: words.length })) as never,
  ])));
}

/** The model that the form describes. */
export function compose(data: Data, settings: Settings): Vae {
  return vae({
    data: data.dataset.shape,
    latent: settings.latent,
    ...networksOf(settings),
    posterior: posteriors.diagonalNormal(),
    prior: priorOf(settings) as never,
    // Which one it is, is known only when the program runs.
    likelihood: likelihoodOf(data, settings) as Likelihood<never, Support, never>,
    divergence: settings.beta === 1
      ? divergences.kl()
      : divergences.betaKl({ beta: settings.beta }),
    standardization: data.standardization,
    seed: settings.seed,
  });
}
