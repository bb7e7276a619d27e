/**
 * What fits some data: a likelihood is offered where its support accepts them, a network of
 * convolutions where they are pictures.
 *
 * @module
 */
import {
  type Aim,
  type AnyNetwork,
  type Distribution,
  divergences,
  flows,
  type Leaf,
  type Likelihood,
  likelihoods,
  networks,
  objectives,
  posteriors,
  type Prior,
  priors,
  schedules,
  type Support,
  type Vae,
  vae,
} from "../../../mod.ts";
import { accepts } from "../../../core/support.ts";
import type { Choice, PriorChoice, Settings } from "../protocol.ts";
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
  normal: { label: "Normal", make: () => likelihoods.normal() },
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
export function priorsFor(support: Support): readonly PriorChoice[] {
  const leaves: readonly Leaf[] = typeof support === "string" ? [support] : Object.values(support);
  return [
    { name: "standardNormal", label: "Standard normal" },
    { name: "conditionalNormal", label: "Normal per class", condition: "needed" },
    { name: "mixtureOfNormals", label: "Mixture of normals" },
    ...leaves.includes("category")
      ? []
      : [{ name: "vampPrior", label: "VampPrior", condition: "refused" } as const],
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
    case "conditionalNormal":
      return priors.conditionalNormal({ network: networks.mlp({ hidden: [] }) });
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

/** Priors opposite which every latent has a KL of its own. */
const FACTORIZED: ReadonlySet<string> = new Set(["standardNormal", "conditionalNormal"]);

/** What training makes larger; one epoch has so many steps. */
function aimOf(
  { objective, beta, warmUp, freeNats, samples, prior }: Settings,
  stepsPerEpoch: number,
): Aim<Distribution, Distribution> {
  switch (objective) {
    case "iwae":
      return { objective: objectives.iwae({ samples }) };
    case "warmUp": {
      const steps = Math.max(1, warmUp * stepsPerEpoch);
      return {
        divergence: divergences.betaKl({ beta: schedules.linear({ from: 0, to: 1, steps }) }),
      };
    }
    case "freeBits":
      return FACTORIZED.has(prior)
        ? { divergence: divergences.freeBits({ nats: freeNats }) as never }
        : { divergence: divergences.freeBits({ nats: freeNats, per: "datum" }) };
    default:
      return { divergence: beta === 1 ? divergences.kl() : divergences.betaKl({ beta }) };
  }
}

/** The model that the form describes; one epoch of its training has so many steps. */
export function compose(data: Data, settings: Settings, stepsPerEpoch: number): Vae {
  return vae({
    data: data.dataset.shape,
    latent: settings.latent,
    ...(settings.conditional && { condition: [data.classes!.names.length] }),
    ...networksOf(settings),
    posterior: posteriors.diagonalNormal(),
    prior: priorOf(settings) as never,
    // Which one it is, is known only when the program runs.
    likelihood: likelihoodOf(data, settings) as Likelihood<never, Support, never>,
    ...aimOf(settings, stepsPerEpoch),
    standardization: data.standardization,
    seed: settings.seed,
  });
}
