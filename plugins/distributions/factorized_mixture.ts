/**
 * A mixture for every element of an event: each chooses a component of its own.
 *
 * log p(x) = Σ_d log Σ_c w_dc p_dc(x_d), with weights w_d = softmax(ℓ_d)
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { type Distribution, type Factorized, sumOverEvent } from "../../core/distribution.ts";
import { wrongType } from "../../core/errors.ts";
import type { Family } from "../../core/family.ts";
import { logSumExp } from "../../core/operations/log_sum_exp.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import { where } from "../../core/operations/where.ts";
import { lazily } from "../../core/tidy.ts";
import { sameShape, type Tensor } from "../../core/types.ts";
import { choose, momentsOf } from "./_components.ts";
import { type Normal, normal } from "./normal.ts";

/**
 * B distributions whose elements are independent mixtures of C distributions of one family. It has a
 * `mean` and a `variance` where its components have them.
 */
export interface FactorizedMixture<Q extends Factorized = Factorized>
  extends Factorized<"factorizedMixture"> {
  /** It is a density on what its components are densities on. */
  readonly domain: Q["domain"];
  /** No gradient passes through a draw. */
  readonly reparameterized: false;
  /** ℓ `[B, …event, C]`. */
  readonly logits: Tensor;
  /** The components, over events of shape `[…event, C]`. */
  readonly components: Q;
}

/** What a {@linkcode factorizedMixture} is made of. */
export interface FactorizedMixtureParameters<Q extends Factorized> {
  /** ℓ `[B, …event, C]`. */
  readonly logits: Tensor;
  /** B (or 1) distributions over events of shape `[…event, C]`: the last axis is the component's. */
  readonly components: Q;
}

/**
 * A mixture Σ_c w_c p_c for every element, independent over the elements of the event. A draw draws
 * from every component and keeps one.
 *
 * @param parameters ℓ `[B, …event, C]`, and components with events `[…event, C]`.
 * @returns B distributions over events of shape `[…event]`.
 * @throws {TypeError} If the components do not have the shape of the logits.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const mean = tf.tensor3d([[[-1, 3], [0, 0]]]); // 1 event of 2 elements, C = 2
 *   const components = distributions.normal({ mean, scale: tf.onesLike(mean) });
 *   const logits = tf.zerosLike(mean);
 *   const { event, logDensities } = distributions.factorizedMixture({ logits, components });
 *   assert.deepEqual(event, [2]);
 *   const density = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
 *   const [nats] = logDensities(tf.zeros([1, 1, 2])).dataSync();
 *   assert(Math.abs(Math.exp(nats!) - (density(1) + density(3)) / 2) < 1e-6);
 * });
 * ```
 */
export function factorizedMixture<Q extends Factorized>(
  { logits, components }: FactorizedMixtureParameters<Q>,
): FactorizedMixture<Q> {
  const [batch, ...event] = logits.shape.slice(0, -1) as [number, ...number[]];
  const count = logits.shape.at(-1)!;
  requireLike(logits, components);
  const logWeights = lazily(() => tf.logSoftmax(logits));

  const logDensities = (value: Tensor): Tensor => {
    const each = tf.mul(tf.expandDims(value, -1), tf.ones([count]));
    return logSumExp(tf.add(components.logDensities(each), logWeights()));
  };
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);

  const made: FactorizedMixture<Q> = {
    family: "factorizedMixture",
    domain: components.domain,
    reparameterized: false,
    batch,
    event,
    logits,
    components,
    draw: (seed, samples = 1) => {
      const shape = [samples, batch, ...event, count];
      const chosen = choose(seed.split("component"), logits, shape);
      // A component that is shared by the batch is drawn from anew for every row.
      const times = samples * batch / components.batch;
      const drawn = components.draw(seed.split("value"), times).value;
      const each = tf.reshape(drawn, shape);
      const value = stopGradient(tf.sum(where(chosen, each, tf.zerosLike(each)), -1));
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
  return Object.defineProperties(
    made,
    momentsOf(components, {
      weights: () => tf.softmax(logits),
      axis: -1,
      arrange: (moment) => moment,
      finish: (moment) => moment,
    }) as PropertyDescriptorMap,
  );
}

/** Throws unless components have the shape of their logits. */
function requireLike(logits: Tensor, { batch, event }: Distribution): void {
  const [rows, ...shape] = logits.shape;
  if (shape.length > 0 && sameShape(shape, event) && (batch === 1 || batch === rows)) return;
  const requirement = `'components' must have the shape of the logits, [${
    logits.shape.join(", ")
  }]`;
  throw wrongType("make a mixture", requirement, [batch, ...event]);
}

/** Components that the laws are told of. */
const C = 3;

/**
 * The family of mixtures of three normals for every element, as the laws are told of such mixtures.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.factorizedMixtureFamily.support, "real");
 * ```
 */
export const factorizedMixtureFamily: Family<
  FactorizedMixture<Normal>,
  "logits" | "means" | "scales"
> = {
  name: "factorizedMixture",
  parameters: {
    logits: { domain: "real", shape: (event) => [...event, C] },
    means: { domain: "real", shape: (event) => [...event, C] },
    scales: { domain: "positive", shape: (event) => [...event, C] },
  },
  support: "real",
  make: ({ logits, means, scales }) =>
    factorizedMixture({ logits, components: normal({ mean: means, scale: scales }) }),
};
