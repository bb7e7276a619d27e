/**
 * Mutants of objectives that stand in for plugins to come.
 *
 * @module
 */
import {
  type Distribution,
  type Ledger,
  ledgerOf,
  type Objective,
  type Tensor,
  type Term,
} from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import { objectiveLaws } from "../../laws/mod.ts";
import type { Mutant, Suite } from "../mutant.ts";
import { iwae, type IwaeOptions, type IwaePieces } from "../../stand_ins/iwae.ts";
import { soundOf } from "./changes.ts";

/** An IWAE with other pieces, or whose ledger is changed. */
function iwaeOf(
  bug: string,
  { gradient = "total", pieces = {}, change = (ledger) => ledger }: {
    readonly gradient?: IwaeOptions["gradient"];
    readonly pieces?: Partial<IwaePieces>;
    readonly change?: (ledger: Ledger, samples: number) => Ledger;
  },
): Mutant {
  const withSamples = (samples: number): Objective<Distribution, Distribution> => {
    const sound = iwae({ samples, gradient: gradient! }, pieces);
    return { ...sound, ledger: (pass) => change(sound.ledger(pass), samples) };
  };
  return { bug: `IWAE: ${bug}`, laws: () => objectiveLaws(withSamples(5), { withSamples }) };
}

/** A ledger whose last row and whose bound are more by some nats. */
function raised({ terms, bound }: Ledger, by: number): Ledger {
  const [reconstruction, divergence, evenness] = terms as [Term, Term, Term];
  const more = tf.add(evenness.nats, by);
  return ledgerOf(
    [reconstruction, divergence, { ...evenness, nats: more, contribution: more }],
    { name: bound!.name, nats: tf.add(bound!.nats, by) },
  );
}

/** Σ w̃ log w, out of its two rows. */
function averageOf({ terms }: Ledger): Tensor {
  return tf.add(terms[0]!.contribution, terms[1]!.contribution);
}

const doubly = { gradient: "doublyReparameterized" } as const;

const mutants: readonly Mutant[] = [
  iwaeOf("weights with the sign of the error flipped", {
    pieces: { logWeights: (logX, logRatio) => tf.neg(tf.add(logX, logRatio)) },
  }),
  iwaeOf("w = q(z|x) / p(x, z)", {
    pieces: { logWeights: (logX, logRatio) => tf.sub(logRatio, logX) },
  }),
  iwaeOf("Σ w̃ log w is called the bound", {
    change: (ledger) =>
      ledgerOf(ledger.terms.slice(0, 2), { name: "IWAE", nats: averageOf(ledger) }),
  }),
  iwaeOf("log of the wrong number of samples", {
    change: (ledger, samples) => raised(ledger, Math.log(samples / (samples + 1))),
  }),
  iwaeOf("− log K is forgotten", {
    change: (ledger, samples) => raised(ledger, Math.log(samples)),
  }),
  iwaeOf("the surrogate is reported as the objective", {
    ...doubly,
    change: (ledger) => ({ ...ledger, objective: ledger.surrogate! }),
  }),
  iwaeOf("the row of the evenness is left out", {
    change: ({ terms, bound }) => ledgerOf(terms.slice(0, 2), bound),
  }),
  iwaeOf("the row of the evenness is left out of the rows alone", {
    change: (ledger) => ({ ...ledger, terms: ledger.terms.slice(0, 2) }),
  }),
  iwaeOf("doubly reparameterized: w̃ in place of w̃²", {
    ...doubly,
    pieces: { pathWeights: (weights) => tf.onesLike(weights) },
  }),
  iwaeOf("doubly reparameterized: w̃³ in place of w̃²", {
    ...doubly,
    pieces: { pathWeights: (weights) => tf.square(weights) },
  }),
  iwaeOf("doubly reparameterized: with the sign of 'sticking the landing' (1 − w̃)", {
    ...doubly,
    pieces: { pathWeights: (weights) => tf.sub(1, weights) },
  }),
  iwaeOf("the surrogate has the gradient of the ELBO", {
    change: (ledger) => ({ ...ledger, surrogate: tf.mean(averageOf(ledger)) }),
  }),
  iwaeOf("the bound is the mean of log w over a batch", {
    change: (ledger) => ({
      ...ledger,
      bound: {
        name: "IWAE",
        nats: tf.broadcastTo(tf.mean(ledger.bound!.nats), ledger.bound!.nats.shape),
      },
    }),
  }),
];

/** Stand-ins of objectives that are wrong, beside those that are sound. */
export const standInObjectives: Suite = {
  name: "stand-ins: objectives",
  sound: soundOf("iwae", "dreg"),
  mutants,
};
