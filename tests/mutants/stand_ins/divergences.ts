/**
 * Mutants of divergences that stand in for plugins to come.
 *
 * @module
 */
import {
  type Context,
  type Distribution,
  type Divergence,
  divergences,
  posteriors,
  priors,
  schedules,
  stopGradient,
  type Tensor,
  type Term,
} from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import { type Contributes, divergenceLaws } from "../../laws/mod.ts";
import type { Mutant, Suite } from "../mutant.ts";
import { freeBits } from "../../stand_ins/free_bits.ts";
import { soundOf } from "./changes.ts";

const PAIR = { posterior: posteriors.diagonalNormal(), prior: priors.standardNormal() } as const;
const GROWTH = schedules.linear({ from: 0, to: 5, steps: 1000 });

/** A KL whose row contributes something else. */
function contributing<Q extends Distribution>(
  contribution: (row: Term, context: Context) => Tensor,
): Divergence<Q, Distribution> {
  const plain = divergences.kl();
  return {
    ...plain,
    estimate: (given) => {
      const [{ weight: _, ...row }] = plain.estimate(given);
      return [{ ...row, contribution: contribution(row, given.context) }];
    },
  };
}

/** A divergence that does not contribute what it should. */
function contributionOf(
  bug: string,
  contributes: Contributes,
  contribution: (row: Term, context: Context) => Tensor,
): Mutant {
  return {
    bug,
    laws: () => divergenceLaws(contributing(contribution), { ...PAIR, contributes }),
  };
}

const freed: Contributes = ({ factors }) =>
  -factors!.reduce((sum, kl) => sum + Math.max(0.5, kl), 0);
const kept: Contributes = ({ nats, progress }) =>
  -3 * Math.abs(nats - Math.min(5, progress.step / 200));

const mutants: readonly Mutant[] = [
  contributionOf(
    "free bits: min for max",
    freed,
    ({ factors }) => tf.neg(tf.sum(tf.minimum(factors!, 0.5), -1)),
  ),
  contributionOf(
    "free bits: of the sum, not of each latent",
    freed,
    ({ nats, factors }) => tf.neg(tf.maximum(nats, 0.5 * factors!.shape.at(-1)!)),
  ),
  contributionOf(
    "free bits: of the mean over the batch",
    freed,
    ({ factors, nats }) =>
      tf.broadcastTo(tf.neg(tf.sum(tf.maximum(tf.mean(factors!, 0), 0.5))), nats.shape),
  ),
  contributionOf(
    "free bits: no gradient above λ",
    freed,
    ({ factors }) => tf.neg(tf.sum(tf.maximum(stopGradient(factors!), 0.5), -1)),
  ),
  {
    bug: "free bits: raw nats are what is contributed",
    laws: () => {
      const plain = freeBits({ nats: 0.5, divergence: divergences.kl() });
      const raw: typeof plain = {
        ...plain,
        estimate: (given) => {
          const [term] = plain.estimate(given);
          return [{ ...term, nats: tf.neg(term.contribution) }];
        },
      };
      return divergenceLaws(raw, { ...PAIR, contributes: freed });
    },
  },
  contributionOf(
    "capacity: KL − C without its absolute value",
    kept,
    ({ nats }, { progress }) => tf.mul(tf.sub(nats, GROWTH.at(progress)), -3),
  ),
  contributionOf(
    "capacity: C stays where it starts",
    kept,
    ({ nats }) => tf.mul(tf.abs(tf.sub(nats, GROWTH.at({ step: 0, epoch: 0 }))), -3),
  ),
  contributionOf(
    "capacity: C follows the epochs",
    kept,
    ({ nats }, { progress }) =>
      tf.mul(tf.abs(tf.sub(nats, GROWTH.at({ ...progress, step: progress.epoch }))), -3),
  ),
];

/** Stand-ins of divergences that are wrong, beside those that are sound. */
export const standInDivergences: Suite = {
  name: "stand-ins: divergences",
  sound: soundOf("freeBits", "capacity"),
  mutants,
};
