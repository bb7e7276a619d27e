/**
 * Plugins as a third party would write them, out of the public names alone: what the contracts
 * have to carry although Elbo does not have them.
 *
 * A stand-in has a body where the body is what must compile; the others are declared. This file is
 * type-checked and never run.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import {
  type Distribution,
  distributions,
  type Divergence,
  divergenceTerm,
  type Factorized,
  type Heads,
  initializers,
  ledgerOf,
  type Likelihood,
  type Network,
  type Objective,
  type Posterior,
  type Prior,
  type Schedule,
  type Scope,
  type Shape,
  stopGradient,
  type Support,
  type Tensor,
  type WithMean,
} from "../../mod.ts";

type Normal = distributions.Normal;

/** What a network has to say of a normal distribution. */
export type NormalHeads = { readonly mean: Shape; readonly rawScale: Shape };

// Networks

/** A network for one head, whatever is asked of it. */
export declare function onlyLogits(): Network<{ readonly logits: Shape }>;

// Posteriors

/** Moves and stretches every latent `[S, B, K]` by what it says of those before it. */
type AutoregressiveStep = (
  latents: Tensor,
) => { readonly shift: Tensor; readonly logScale: Tensor };

export interface InverseAutoregressive extends Distribution<"inverseAutoregressive"> {
  readonly domain: "real";
  readonly reparameterized: true;
  readonly steps: number;
}

declare function maskedNetwork(
  scope: Scope,
  hidden: number,
): (latents: Tensor, features: Tensor) => ReturnType<AutoregressiveStep>;

declare function transformed(
  base: Normal,
  steps: readonly AutoregressiveStep[],
): InverseAutoregressive;

/** A flow: weights of its own, and a head that is no parameter of the base. */
export function inverseAutoregressive(
  { steps, hidden }: { readonly steps: number; readonly hidden: number },
): Posterior<NormalHeads & { readonly features: Shape }, InverseAutoregressive> {
  return {
    kind: "posterior",
    name: "inverseAutoregressive",
    options: { steps, hidden },
    heads: (latent) => ({ mean: latent, rawScale: latent, features: [hidden] }),
    build: (scope) => {
      const networks = Array.from(
        { length: steps },
        (_, i) => maskedNetwork(scope.child(`step${i}`), hidden),
      );
      return ({ mean, rawScale, features }) =>
        transformed(
          distributions.normal({ mean, rawScale }),
          networks.map((network) => (latents) => network(latents, features)),
        );
    },
  };
}

export interface FullNormal extends WithMean<"fullNormal"> {
  readonly domain: "real";
  readonly reparameterized: true;
  readonly factor: Tensor;
}

/** A normal with correlated latents: no density for each of them alone. */
export declare function fullNormal(): Posterior<
  { readonly mean: Shape; readonly rawFactor: Shape },
  FullNormal
>;

export interface RelaxedCategorical extends Distribution<"relaxedCategorical"> {
  readonly domain: "simplex";
  readonly reparameterized: true;
  readonly logits: Tensor;
  readonly temperature: number;
}

declare function relaxed(
  parameters: { readonly logits: Tensor; readonly temperature: number },
): RelaxedCategorical;

/** A posterior that changes as training goes on. */
export function relaxedCategorical(
  { temperature }: { readonly temperature: Schedule },
): Posterior<{ readonly logits: Shape }, RelaxedCategorical> {
  return {
    kind: "posterior",
    name: "relaxedCategorical",
    options: { temperature },
    heads: (latent) => ({ logits: latent }),
    build: () => ({ logits }, { progress }) =>
      relaxed({ logits, temperature: temperature.at(progress) }),
  };
}

// Priors

export interface Mixture<Component extends Distribution = Distribution>
  extends Distribution<"mixture"> {
  readonly domain: Component["domain"];
  readonly component: Component;
}

declare function equalMixture<Component extends Distribution>(
  components: Component,
): Mixture<Component>;

/** A prior of a known family, which has no closed form opposite a normal. */
export declare function mixtureOfNormals(
  options: { readonly components: number },
): Prior<Mixture<Normal>>;

/** A prior made of the model's own posterior, at inputs that are learnt. */
export function vampPrior(
  { components, pseudoInputs = initializers.glorotUniform }: {
    readonly components: number;
    readonly pseudoInputs?: Tensor | typeof initializers.glorotUniform;
  },
): Prior<Mixture> {
  return {
    kind: "prior",
    name: "vampPrior",
    options: { components },
    build: (scope) => {
      const inputs = scope.weight("pseudoInputs", [components, ...scope.data], pseudoInputs);
      // The pseudo-inputs have neither the mask nor the condition of the batch.
      return ({ training, progress }) =>
        equalMixture(scope.infer(inputs(), { training, progress }));
    },
  };
}

export interface Flow extends Distribution<"flow"> {
  readonly domain: "real";
  readonly base: Distribution;
}

/** A prior with weights and no closed form at all. */
export declare function realNvp(options: { readonly layers: number }): Prior<Flow>;

/** p(z|c): a prior with a network inside, whose heads it knows. */
export function conditionalNormal(
  { network }: { readonly network: Network<NormalHeads> },
): Prior<Normal> {
  return {
    kind: "prior",
    name: "conditionalNormal",
    options: { network },
    build: (scope) => {
      if (scope.condition === undefined) throw new TypeError("The model must have a condition");
      const parameters = network.build(scope.child("network"), {
        input: scope.condition,
        heads: { mean: scope.latent, rawScale: scope.latent },
      });
      return (context) => distributions.normal(parameters(context.condition!, context));
    },
  };
}

/** The prior that belongs to latents on the simplex. */
export declare function uniformRelaxedCategorical(): Prior<RelaxedCategorical>;

// Likelihoods

export type NegativeBinomial = Factorized<"negativeBinomial">;

/** Counts whose size factors come with the data, as `context.offset`. */
export declare function negativeBinomial(
  options: { readonly dispersion: "perFeature" | "perOutput" },
): Likelihood<{ readonly share: Shape }, "count", NegativeBinomial>;

/** Wraps a likelihood that can do without some entries, so one with a density for each. */
export declare function missing<H extends Heads, S extends Support, X extends Factorized>(
  options: { readonly likelihood: Likelihood<H, S, X> },
): Likelihood<H, S, Factorized<"masked">>;

/** A likelihood that has no density for each entry. */
export declare function correlatedNormal(): Likelihood<
  { readonly mean: Shape },
  "real",
  FullNormal
>;

// Divergences

/** max(λ, KLₖ) for every latent k: there must be a KL for each. */
export declare function freeBits<Q extends Factorized, P extends Factorized>(
  options: { readonly nats: number; readonly divergence: Divergence<Q, P> },
): Divergence<Q, P>;

/** γ·|D − C|, with a capacity C that grows. */
export declare function capacity<Q extends Distribution, P extends Distribution>(
  options: {
    readonly target: Schedule;
    readonly weight: number;
    readonly divergence: Divergence<Q, P>;
  },
): Divergence<Q, P>;

/** A property of the whole batch, which bounds nothing. */
export declare function mmd(
  options?: { readonly weight?: number },
): Divergence<Distribution, Distribution>;

/** Three rows, from densities of every latent on its own. */
export declare function betaTc(
  options: { readonly beta: number },
): Divergence<Factorized, Factorized>;

// Objectives

/** The identity forwards; backwards the gradient times a factor `[S, B]` that is read only then. */
declare function scaleGradient(value: Tensor, factor: () => Tensor): Tensor;

/**
 * L_K = Σ w̃ log p(x|z) − Σ w̃ (log q(z|x) − log p(z)) + (H(w̃) − log K), with the doubly
 * reparameterized gradient where it is asked for: Tucker et al., arXiv:1810.04152, eq. 8.
 */
export function iwae(
  { samples, gradient = "total" }: {
    readonly samples: number;
    readonly gradient?: "total" | "doublyReparameterized";
  },
): Objective<Distribution, Distribution> {
  return {
    kind: "objective",
    name: "iwae",
    options: { samples, gradient },
    ledger: ({ posterior, prior, seed, detachedPosterior, logLikelihood }) => {
      const doubly = gradient === "doublyReparameterized";
      const draw = posterior.draw(seed.split("latents"), samples);
      // The decoder gets w̃ from the surrogate; what goes on to the encoder gets it twice, w̃².
      const latents = doubly ? scaleGradient(draw.value, () => weights) : draw.value;
      const logX = logLikelihood(latents);
      const logQ = doubly ? detachedPosterior().logProb(latents) : draw.logProb();
      const logRatio = tf.sub(logQ, prior.logProb(latents, seed.split("prior")));
      const logWeights = tf.sub(logX, logRatio);
      const logTotal = tf.logSumExp(logWeights, 0);
      const weights: Tensor = stopGradient(tf.exp(tf.sub(logWeights, logTotal)));
      const average = (values: Tensor): Tensor => tf.sum(tf.mul(weights, values), 0);

      const how = { estimator: "Monte Carlo", samples } as const;
      const reconstruction = average(logX);
      const evenness = tf.sub(tf.sub(logTotal, average(logWeights)), Math.log(samples));
      const terms = [
        { name: "reconstruction", nats: reconstruction, contribution: reconstruction, ...how },
        divergenceTerm("divergence", average(logRatio), how),
        { name: "evenness", nats: evenness, contribution: evenness, ...how },
      ];
      const nats = tf.sub(logTotal, Math.log(samples));
      return {
        ...ledgerOf(terms, { name: `IWAE, ${samples} samples`, nats }),
        surrogate: tf.mean(average(logWeights)),
      };
    },
  };
}

/** An objective with no divergence inside, for any pair of families. */
export declare function renyi(
  options: { readonly alpha: number; readonly samples: number },
): Objective<Distribution, Distribution>;
