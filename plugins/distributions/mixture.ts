/**
 * A mixture of distributions of one family: a component is chosen, and a whole event drawn from it.
 *
 * log p(x) = log Σ_c w_c p_c(x), with weights w = softmax(ℓ)
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import { wrongType } from "../../core/errors.ts";
import type { Family } from "../../core/family.ts";
import { logSumExp } from "../../core/operations/log_sum_exp.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import { where } from "../../core/operations/where.ts";
import type { Seed } from "../../core/random.ts";
import { type Shape, sizeOf, type Tensor } from "../../core/types.ts";
import { choose, momentsOf } from "./_components.ts";
import { type Normal, normal } from "./normal.ts";

/**
 * B mixtures of C distributions of one family. It has a `mean` and a `variance` where its components
 * have them.
 */
export interface Mixture<Q extends Distribution = Distribution> extends Distribution<"mixture"> {
  /** It is a density on what its components are densities on. */
  readonly domain: Q["domain"];
  /** No gradient passes through a draw. */
  readonly reparameterized: false;
  /** ℓ `[B or 1, C]`. */
  readonly logits: Tensor;
  /** C components, shared by all mixtures, or B·C of them, those of one mixture side by side. */
  readonly components: Q;
}

/** What a {@linkcode mixture} is made of. */
export interface MixtureParameters<Q extends Distribution> {
  /** ℓ `[B or 1, C]`. */
  readonly logits: Tensor;
  /**
   * A batch of C distributions that all mixtures share, or of B·C: those of the first mixture, then
   * those of the second. Parameters `[B, C, …event]` are reshaped to `[B·C, …event]`.
   */
  readonly components: Q;
}

/**
 * The mixture Σ_c w_c p_c of C distributions of any family, whose elements may depend on each other.
 * A draw draws from every component and keeps one.
 *
 * @param parameters ℓ `[B or 1, C]` and a batch of C or B·C components.
 * @returns B distributions over the events of the components.
 * @throws {TypeError} If the logits are no `[B, C]`, or the components not C or B·C.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const mean = tf.tensor2d([[-1], [3]]); // C = 2 events of shape [1]
 *   const components = distributions.normal({ mean, scale: tf.onesLike(mean) });
 *   const { batch, event, logProb } = distributions.mixture({ logits: tf.zeros([1, 2]), components });
 *   assert.deepEqual([batch, event], [1, [1]]);
 *   const density = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
 *   const [nats] = logProb(tf.zeros([1, 1, 1])).dataSync();
 *   assert(Math.abs(Math.exp(nats!) - (density(1) + density(3)) / 2) < 1e-6);
 * });
 * ```
 */
export function mixture<Q extends Distribution>(
  { logits, components }: MixtureParameters<Q>,
): Mixture<Q> {
  const { event } = components, size = sizeOf(event);
  const [rows, count, groups] = countsOf(logits, components);
  const batch = Math.max(rows, groups);

  /** log p_c(x) `[S, B, C]`. */
  const densitiesOf = (value: Tensor, seed?: Seed): Tensor => {
    const [samples, given] = value.shape as [number, number];
    const shape = groups === 1
      ? [samples * given, 1, ...event]
      : [samples, given === 1 ? 1 : groups * count, ...event];
    const each = groups === 1 || given === 1 ? value : repeat(value, count);
    const densities = components.logProb(tf.reshape(each, shape), seed);
    return tf.reshape(densities, [samples, groups === 1 ? given : groups, count]);
  };
  const logProb = (value: Tensor, seed?: Seed): Tensor =>
    logSumExp(tf.add(densitiesOf(value, seed), tf.logSoftmax(logits)));

  const made: Mixture<Q> = {
    family: "mixture",
    domain: components.domain,
    reparameterized: false,
    batch,
    event,
    logits,
    components,
    draw: (seed, samples = 1) => {
      const chosen = choose(seed.split("component"), logits, [samples, batch, count]);
      // Components that are shared are drawn from anew for every mixture.
      const times = samples * batch / groups;
      const each = tf.reshape(components.draw(seed.split("value"), times).value, [
        samples * batch,
        count,
        size,
      ]);
      const mask = tf.reshape(chosen, [samples * batch, count, 1]);
      const kept = tf.sum(where(mask, each, tf.zerosLike(each)), 1);
      const value = stopGradient(tf.reshape(kept, [samples, batch, ...event]));
      return { value, logProb: () => logProb(value, seed.split("density")) };
    },
    logProb,
  };
  return Object.defineProperties(
    made,
    momentsOf(components, {
      weights: () => tf.expandDims(tf.softmax(logits), -1),
      axis: 1,
      arrange: (moment) => tf.reshape(moment, [groups, count, size]),
      finish: (moment) => tf.reshape(moment, [batch, ...event]),
    }) as PropertyDescriptorMap,
  );
}

/** The rows of the logits, C, and how many times C components there are. */
function countsOf(logits: Tensor, components: Distribution): [number, number, number] {
  const [rows = 0, count = 0] = logits.shape, groups = components.batch / count;
  if (logits.rank !== 2) {
    throw wrongType("make a mixture", "'logits' must have shape [B, C]", logits.shape);
  }
  if (groups === 1 || groups === rows || (rows === 1 && Number.isInteger(groups))) {
    return [rows, count, groups];
  }
  const requirement = `'components' must be a batch of ${count} or ${rows * count} distributions`;
  throw wrongType("make a mixture", requirement, components.batch);
}

/** `[S, B, …event]` → `[S, B, C, …]`, the same for every component. */
function repeat(value: Tensor, count: number): Tensor {
  const [samples, rows] = value.shape as [number, number];
  return tf.mul(tf.reshape(value, [samples * rows, 1, -1]), tf.ones([1, count, 1]));
}

/** Components that the laws are told of. */
const C = 3;

/**
 * The family of mixtures of three normals, as the laws are told of mixtures.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { parameters } = distributions.mixtureFamily;
 * assert.deepEqual(Object.keys(parameters), ["logits", "means", "scales"]);
 * ```
 */
export const mixtureFamily: Family<Mixture<Normal>, "logits" | "means" | "scales"> = {
  name: "mixture",
  parameters: {
    logits: { domain: "real", shape: () => [C] },
    means: { domain: "real", shape: (event) => [C, ...event] },
    scales: { domain: "positive", shape: (event) => [C, ...event] },
  },
  support: "real",
  make: ({ logits, means, scales }, event: Shape) => {
    const all = (parameter: Tensor): Tensor => tf.reshape(parameter, [-1, ...event]);
    return mixture({ logits, components: normal({ mean: all(means), scale: all(scales) }) });
  },
};
