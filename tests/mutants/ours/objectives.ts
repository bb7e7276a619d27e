/**
 * Elbo's objectives, each with a bug.
 *
 * @module
 */
import { tf } from "../../../core/deps.ts";
import type { Distribution } from "../../../core/distribution.ts";
import { type Ledger, ledgerOf, type Term } from "../../../core/ledger.ts";
import type { Objective, Pass } from "../../../core/objective.ts";
import { stopGradient } from "../../../core/operations/stop_gradient.ts";
import type { Tensor } from "../../../core/types.ts";
import { kl } from "../../../plugins/divergences/kl.ts";
import { densitiesAt, normalized } from "../../../plugins/objectives/_importance_weighted.ts";
import { elbo } from "../../../plugins/objectives/elbo.ts";
import { iwae } from "../../../plugins/objectives/iwae.ts";
import { renyi } from "../../../plugins/objectives/renyi.ts";
import { type LawOptions, objectiveLaws } from "../../laws/mod.ts";
import type { Suite } from "../mutant.ts";
import type { Bugs } from "./suites.ts";

type AnyPass = Pass<Distribution, Distribution>;
type AnyObjective = Objective<Distribution, Distribution>;

/** What a bug makes of one of these: of the pass before it, or of the ledger after it. */
interface Change {
  readonly pass?: (pass: AnyPass) => Partial<AnyPass>;
  readonly ledger?: (ledger: Ledger, samples: number, pass: AnyPass) => Partial<Ledger>;
}

/** The mutants of an objective of K samples. */
function objectiveSuite(
  name: string,
  of: (samples: number) => AnyObjective,
  bugs: Bugs<Change>,
): Suite {
  const lawsOf = ({ pass: spoil, ledger: change }: Change, options?: LawOptions) => {
    const withSamples = (samples: number): AnyObjective => {
      const sound = of(samples);
      return {
        ...sound,
        ledger: (given) => {
          const pass = { ...given, ...spoil?.(given) }, ledger = sound.ledger(pass);
          return { ...ledger, ...change?.(ledger, samples, pass) };
        },
      };
    };
    return objectiveLaws(withSamples(5), { withSamples, ...options });
  };
  return {
    name,
    sound: [{ name, laws: (options) => lawsOf({}, options) }],
    mutants: Object.entries(bugs).map(([bug, change]) => ({
      bug,
      laws: (options) => lawsOf(change, options),
    })),
  };
}

/** log p(x|z) and log p(z) in other words. */
const negated = ({ prior, logLikelihood }: AnyPass): Partial<AnyPass> => ({
  prior: { ...prior, logProb: (z, seed) => tf.neg(prior.logProb(z, seed)) },
  logLikelihood: (z) => tf.neg(logLikelihood(z)),
});

/** A ledger whose last row and whose bound are more by some nats. */
function raised({ terms, bound }: Ledger, by: number): Ledger {
  const last = terms.at(-1)!, more = tf.add(last.nats, by);
  return ledgerOf(
    [...terms.slice(0, -1), { ...last, nats: more, contribution: more }],
    { name: bound!.name, nats: tf.add(bound!.nats, by) },
  );
}

/** Σ w̃ log w, out of its two rows. */
const averageOf = ([reconstruction, divergence]: readonly Term[]): Tensor =>
  tf.add(reconstruction!.contribution, divergence!.contribution);

/** What every bound by importance weights can get wrong. */
const importanceBugs: Bugs<Change> = {
  "weights of − log p(x, z)": { pass: negated },
  "the prior is left out of the weights": {
    pass: ({ prior }) => ({
      prior: { ...prior, logProb: (z, seed) => tf.mul(prior.logProb(z, seed), 0) },
    }),
  },
  "Σ w̃ log w is called the bound": {
    ledger: ({ terms, bound }) =>
      ledgerOf(terms.slice(0, 2), { name: bound!.name, nats: averageOf(terms) }),
  },
  "log of one sample more": {
    ledger: (ledger, samples) => raised(ledger, Math.log(samples / (samples + 1))),
  },
  "− log K is forgotten": { ledger: (ledger, samples) => raised(ledger, Math.log(samples)) },
  "log K is subtracted twice": { ledger: (ledger, samples) => raised(ledger, -Math.log(samples)) },
  "the row of the entropy is left out": {
    ledger: ({ terms }) => ({ terms: terms.slice(0, 2) }),
  },
  "the objective has the sign of a loss": {
    ledger: ({ objective }) => ({ objective: tf.neg(objective) }),
  },
  "the bound is the mean over the batch": {
    ledger: ({ bound }) => ({
      bound: { name: bound!.name, nats: tf.add(tf.mul(bound!.nats, 0), tf.mean(bound!.nats)) },
    }),
  },
};

/** The doubly reparameterized gradient, with another factor on the way through z. */
const throughLatents = (factorOf: (weights: Tensor) => Tensor): Change => ({
  ledger: (_, samples, pass) => {
    const z = pass.posterior.draw(pass.seed.split("latents"), samples).value;
    const q = pass.detachedPosterior(), home = stopGradient(z);
    const logWeightsAt = (z: Tensor) => densitiesAt(pass, z, q.logProb(z)).logWeights;
    const weights = stopGradient(tf.exp(normalized(logWeightsAt(z))));
    const factor = tf.reshape(factorOf(weights), [...weights.shape, 1]);
    const scaled = tf.add(home, tf.mul(factor, tf.sub(z, home))); // z itself, but for its gradient
    return { surrogate: tf.mean(tf.sum(tf.mul(weights, logWeightsAt(scaled)), 0)) };
  },
});

/** Elbo's objectives, each with a bug. */
export const ourObjectives: readonly Suite[] = [
  objectiveSuite("objectives.iwae", (samples) => iwae({ samples }), {
    ...importanceBugs,
    "the surrogate has the gradient of the ELBO": {
      ledger: ({ terms }) => ({ surrogate: tf.mean(averageOf(terms)) }),
    },
  }),
  objectiveSuite(
    "objectives.iwae, doubly reparameterized",
    (samples) => iwae({ samples, gradient: "doublyReparameterized" }),
    {
      "the surrogate is reported as the objective": {
        ledger: ({ surrogate }) => ({ objective: surrogate! }),
      },
      "log q(z|x) is not detached": {
        pass: ({ posterior }) => ({ detachedPosterior: () => posterior }),
      },
      "w̃ in place of w̃²": throughLatents(tf.onesLike),
      "w̃³ in place of w̃²": throughLatents(tf.square),
      "with the factor of sticking the landing, 1 − w̃": throughLatents((w) => tf.sub(1, w)),
    },
  ),
  objectiveSuite("objectives.renyi", (samples) => renyi({ order: 0.5, samples }), {
    "weights of − log p(x, z)": importanceBugs["weights of − log p(x, z)"]!,
    "log K without its 1/(1 − α)": {
      ledger: (ledger, samples) => raised(ledger, Math.log(samples)), // 2 log K, of which one is left
    },
    "1/(1 − α) is forgotten": {
      ledger: ({ terms, bound }) =>
        ledgerOf(terms, { name: bound!.name, nats: tf.mul(bound!.nats, 0.5) }),
    },
  }),
  objectiveSuite(
    "objectives.elbo, sticking the landing",
    (samples) =>
      elbo({
        divergence: kl({ closedForms: [] }),
        samples,
        gradient: "stickingTheLanding",
      }),
    {
      "the draws are detached too": {
        pass: ({ posterior, detachedPosterior }) => ({
          posterior: {
            ...posterior,
            draw: (seed, samples) => {
              const { value } = posterior.draw(seed, samples), z = stopGradient(value);
              return { value: z, logProb: () => detachedPosterior().logProb(z) };
            },
          },
        }),
      },
      "the surrogate has the sign of a loss": {
        ledger: ({ surrogate }) => ({ surrogate: tf.neg(surrogate!) }),
      },
      "the surrogate is the reconstruction alone": {
        ledger: ({ terms }) => ({ surrogate: tf.mean(terms[0]!.contribution) }),
      },
    },
  ),
  objectiveSuite(
    "objectives.elbo",
    (samples) => elbo({ divergence: kl(), samples }),
    {
      "the reconstruction is summed over the samples": {
        ledger: ({ terms: [reconstruction, divergence], bound }, samples) => {
          const nats = tf.mul(reconstruction!.nats, samples);
          const row = { ...reconstruction!, nats, contribution: nats };
          return ledgerOf(
            [row, divergence!],
            { name: bound!.name, nats: tf.sub(nats, divergence!.nats) },
          );
        },
      },
    },
  ),
];
