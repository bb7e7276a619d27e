/**
 * Wrong priors.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import { zeros } from "../../core/initializers.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import type { Prior } from "../../core/prior.ts";
import { uniformNoise } from "../../core/random.ts";
import type { Tensor } from "../../core/types.ts";
import { positiveScale } from "../../plugins/distributions/normal.ts";
import { priorLaws } from "../laws/mod.ts";
import type { Mutant, Suite } from "./mutant.ts";

interface LogisticPieces {
  /** log p of every element, with x = −z/s. */
  readonly densities: (x: Tensor, scale: Tensor) => Tensor;
  /** The draws, for noise u between 0 and 1. */
  readonly value: (u: Tensor, scale: Tensor) => Tensor;
  /** s of its weight. */
  readonly scale: (raw: Tensor) => Tensor;
  /** What else is said in other words. */
  readonly spoil: (sound: Distribution, scale: Tensor) => Partial<Distribution>;
}

const logit = (u: Tensor): Tensor => tf.log(tf.div(u, tf.sub(1, u)));

/** log p(z) = x − 2 softplus(x) − log s, with x = −z/s. */
const logisticDensities = (x: Tensor, scale: Tensor): Tensor =>
  tf.sub(x, tf.add(tf.mul(tf.softplus(x), 2), tf.log(scale)));

/** A logistic prior with one scale for each latent, and some pieces replaced. */
function logistic(given: Partial<LogisticPieces>): Prior<Distribution> {
  const { densities = logisticDensities, value: valueOf = (u, scale) => tf.mul(scale, logit(u)) } =
    given;
  return {
    kind: "prior",
    name: "logistic",
    options: {},
    build: (scope) => {
      const rawScale = scope.weight("rawScale", [1, ...scope.latent], zeros);
      return () => {
        const scale = (given.scale ?? positiveScale)(rawScale()), event = scope.latent;
        const axes = event.map((_, axis) => axis + 2);
        const logDensities = (z: Tensor): Tensor => densities(tf.neg(tf.div(z, scale)), scale);
        const logProb = (z: Tensor): Tensor => tf.sum(logDensities(z), axes);
        const sound: Distribution = {
          family: "logistic",
          domain: "real",
          reparameterized: true,
          batch: 1,
          event,
          draw: (seed, samples = 1) => {
            const value = valueOf(uniformNoise(seed, [samples, 1, ...event]), scale);
            return { value, logProb: () => logProb(value) };
          },
          logProb,
        };
        return { ...sound, logDensities, ...given.spoil?.(sound, scale) };
      };
    },
  };
}

const logisticPrior = (bug: string, pieces: Partial<LogisticPieces>): Mutant => ({
  bug: `logistic prior: ${bug}`,
  laws: () => priorLaws(logistic(pieces)),
});

const priorMutants: readonly Mutant[] = [
  logisticPrior("softplus once, not twice", {
    densities: (x, scale) => tf.sub(x, tf.add(tf.softplus(x), tf.log(scale))),
  }),
  logisticPrior("log s is forgotten", { densities: (x) => tf.sub(x, tf.mul(tf.softplus(x), 2)) }),
  logisticPrior("the sign of log s is wrong", {
    densities: (x, scale) => tf.add(logisticDensities(x, scale), tf.mul(tf.log(scale), 2)),
  }),
  logisticPrior("log(1 + exp x), which overflows", {
    densities: (x, scale) =>
      tf.sub(x, tf.add(tf.mul(tf.log(tf.add(1, tf.exp(x))), 2), tf.log(scale))),
  }),
  logisticPrior("its noise has scale π/√3 s, so that s is not the scale of the draws", {
    value: (u, scale) => tf.mul(tf.mul(scale, Math.PI / Math.sqrt(3)), logit(u)),
  }),
  logisticPrior("its noise knows no scale", {
    value: (u, scale) => tf.add(logit(u), tf.mul(scale, 0)),
  }),
  logisticPrior("its noise is log u: one-sided", {
    value: (u, scale) => tf.mul(scale, tf.log(u)),
  }),
  logisticPrior("its weight is read behind a stop-gradient by the density", {
    densities: (x, scale) => logisticDensities(x, stopGradient(scale)),
  }),
  logisticPrior("no gradient passes to its weight through the draws", {
    value: (u, scale) => tf.mul(stopGradient(scale), logit(u)),
  }),
  logisticPrior("the raw weight is its scale, and so may be negative", {
    scale: (raw) => tf.add(raw, 0.1),
  }),
  logisticPrior("another batch than its draws have", { spoil: () => ({ batch: 3 }) }),
  logisticPrior("another event", { spoil: () => ({ event: [] }) }),
  logisticPrior("it says that it is a density on positive numbers", {
    spoil: () => ({ domain: "positive" }),
  }),
  logisticPrior("it says that its elements are independent, but returns their sum", {
    spoil: ({ logProb }) => ({ logDensities: logProb }) as Partial<Distribution>,
  }),
  logisticPrior("its variance is that of the normal distribution", {
    spoil: (_, scale) => ({ variance: tf.square(scale) }) as Partial<Distribution>,
  }),
];

/** Wrong priors. */
export const priors: Suite = {
  name: "priors",
  sound: [{ name: "logistic prior", laws: () => priorLaws(logistic({})) }],
  mutants: priorMutants,
};
