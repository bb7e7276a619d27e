/**
 * Wrong divergences between normal distributions that are sampled or weighed.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { divergenceTerm, type Term } from "../../core/ledger.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import { seed } from "../../core/random.ts";
import type { Schedule } from "../../core/schedule.ts";
import type { Tensor } from "../../core/types.ts";
import { linear } from "../../plugins/schedules/linear.ts";
import type { Contributes } from "../laws/mod.ts";
import type { Mutant, Suite } from "./mutant.ts";
import {
  closedWith,
  divergenceOf,
  type Given,
  lawsOf,
  type NormalDivergence,
} from "./closed_forms.ts";

/** What a Monte Carlo estimate is made of. */
interface SampledPieces {
  /** What is averaged over the samples: `[S, B]`. */
  readonly ratio: (given: Given) => Tensor;
  /** The average. */
  readonly average: (ratio: Tensor) => Tensor;
  /** What is said of the row in other words. */
  readonly spoil: (sound: Term, given: Given) => Partial<Term>;
}

/** log q(z) − log p(z). */
const logRatioOf = ({ draw, prior }: Given): Tensor =>
  tf.sub(draw.logProb(), prior.logProb(draw.value));

const sampledWith = (pieces: Partial<SampledPieces>): NormalDivergence =>
  divergenceOf((given) => {
    const ratio = (pieces.ratio ?? logRatioOf)(given);
    const nats = pieces.average?.(ratio) ?? tf.mean(ratio, 0);
    const how = { estimator: "Monte Carlo", samples: given.draw.value.shape[0]! } as const;
    const sound = divergenceTerm("divergence", nats, how);
    return [{ ...sound, ...pieces.spoil?.(sound, given) }];
  });

const sampled = (bug: string, pieces: Partial<SampledPieces>): Mutant => ({
  bug: `Monte Carlo: ${bug}`,
  laws: () => lawsOf(sampledWith(pieces)),
});

let calls = 0;

const sampledMutants: readonly Mutant[] = [
  sampled("log p − log q", { ratio: (given) => tf.neg(logRatioOf(given)) }),
  sampled("draws of the prior: KL(p ‖ q)", {
    ratio: ({ posterior, prior, draw, seed }) => {
      const other = prior.draw(seed, draw.value.shape[0]);
      return tf.sub(other.logProb(), posterior.logProb(other.value));
    },
  }),
  sampled("log q of other draws than log p", {
    ratio: ({ posterior, prior, draw, seed }) => {
      const [samples] = draw.value.shape as [number];
      return tf.sub(draw.logProb(), prior.logProb(posterior.draw(seed, samples).value));
    },
    spoil: (_, { draw }) => ({ samples: 2 * draw.value.shape[0]! }),
  }),
  sampled("the entropy of q is forgotten", {
    ratio: ({ draw, prior }) => tf.neg(prior.logProb(draw.value)),
  }),
  sampled("½ (log q − log p)², which is not unbiased", {
    ratio: (given) => tf.mul(tf.square(logRatioOf(given)), 0.5),
  }),
  sampled("|log q − log p|, lest it be negative", { ratio: (given) => tf.abs(logRatioOf(given)) }),
  sampled("the sum over the samples for their mean", { average: (ratio) => tf.sum(ratio, 0) }),
  sampled("log-mean-exp over the samples for their mean", {
    average: (ratio) => tf.sub(tf.logSumExp(ratio, 0), Math.log(ratio.shape[0]!)),
  }),
  sampled("the mean over the batch for that over the samples", {
    average: (ratio) => tf.broadcastTo(tf.mean(ratio), [ratio.shape[1]!]),
  }),
  sampled("it says that it is a closed form", {
    spoil: () => ({ estimator: "closed form", samples: 0 }),
  }),
  sampled("it misstates its samples", { spoil: () => ({ samples: 1000 }) }),
  sampled("no gradient passes through the draws", {
    ratio: ({ posterior, prior, draw }) => {
      const z = stopGradient(draw.value);
      return tf.sub(posterior.logProb(z), prior.logProb(z));
    },
  }),
  sampled("draws of its own from a counter, not from the seed", {
    ratio: ({ posterior, prior, draw }) => {
      const own = posterior.draw(seed(calls++), draw.value.shape[0]);
      return tf.sub(own.logProb(), prior.logProb(own.value));
    },
  }),
  sampled("a tensor is kept for ever", { ratio: (given) => tf.keep(logRatioOf(given)) }),
];

/** A KL that is weighed, with the weight that it says and the one that it uses. */
const weighedWith = (
  used: (given: Given) => number,
  said: (given: Given) => number | undefined,
  inside: number = 1,
): NormalDivergence =>
  divergenceOf((given) => {
    const [{ weight: _, ...row }] = closedWith({}).estimate(given), weight = said(given);
    const nats = tf.mul(row.nats, inside), contribution = tf.mul(nats, -used(given));
    const { factors: __, ...rest } = row;
    return [{ ...rest, nats, contribution, ...(weight === undefined ? {} : { weight }) }];
  });

const BETA = 4, WARM_UP: Schedule = linear({ from: 0, to: 1, steps: 1000 });
const constant = (value: number) => (): number => value;
const warmUp = (later = 0) => ({ context: { progress } }: Given): number =>
  WARM_UP.at({ ...progress, step: progress.step + later });

const four: Contributes = ({ nats }) => -BETA * nats;
const warmed: Contributes = ({ nats, progress }) => -WARM_UP.at(progress) * nats;

const weighed = (bug: string, divergence: NormalDivergence, contributes?: Contributes): Mutant => ({
  bug: `β: ${bug}`,
  laws: () => lawsOf(divergence, contributes),
});

const weighedMutants: readonly Mutant[] = [
  weighed("it is applied twice", weighedWith(constant(16), constant(BETA)), four),
  weighed("it is applied twice, and said to be β²", weighedWith(constant(16), constant(16)), four),
  weighed("it is ignored", weighedWith(constant(1), constant(1)), four),
  weighed("it is said but not applied", weighedWith(constant(1), constant(BETA)), four),
  weighed("it is applied but not said", weighedWith(constant(BETA), constant(1)), four),
  weighed(
    "it is applied, and no weight is said",
    weighedWith(constant(BETA), constant(undefined!)),
  ),
  weighed("1/β is applied", weighedWith(constant(1 / BETA), constant(1 / BETA)), four),
  weighed("it is in the nats", weighedWith(constant(1), constant(1), BETA)),
  weighed("it is in the nats, and in the contribution", weighedWith(constant(4), constant(4), 4)),
  weighed("the schedule is read a step too late", weighedWith(warmUp(1), warmUp(1)), warmed),
  weighed("the schedule is ignored", weighedWith(constant(1), constant(1)), warmed),
  weighed(
    "the schedule counts epochs",
    weighedWith(
      ({ context: { progress } }) => WARM_UP.at({ ...progress, step: progress.epoch }),
      ({ context: { progress } }) => WARM_UP.at({ ...progress, step: progress.epoch }),
    ),
    warmed,
  ),
];

/** Wrong divergences. */
export const divergences: Suite = {
  name: "divergences",
  sound: [
    { name: "Monte Carlo", laws: () => lawsOf(sampledWith({})) },
    { name: "β = 4", laws: () => lawsOf(weighedWith(constant(BETA), constant(BETA)), four) },
    { name: "β warmed up", laws: () => lawsOf(weighedWith(warmUp(), warmUp()), warmed) },
  ],
  mutants: [...sampledMutants, ...weighedMutants],
};
