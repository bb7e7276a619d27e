/**
 * What an invertible map makes of a distribution.
 *
 * log p(x) = log p(z) − log |det ∂T/∂z|, with x = T(z)
 * Rezende and Mohamed, "Variational inference with normalizing flows", arXiv:1505.05770, eq. 5.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import type { InvertibleMap } from "../../core/flow.ts";
import { inShape } from "../../core/operations/in_shape.ts";
import { type Normal, normal } from "./normal.ts";

/** What a transformed distribution is made of. */
export interface TransformedParameters<Base extends Distribution> {
  /** The distribution of z. */
  readonly base: Base;
  /** T, which maps events onto events of the same kind. */
  readonly map: InvertibleMap;
  /**
   * B, where one base serves a map that is another for every row.
   * @default base.batch
   */
  readonly batch?: number;
}

/** B distributions of x = T(z). */
export interface Transformed<Base extends Distribution = Distribution>
  extends Distribution<"transformed"> {
  /** That of the base. */
  readonly domain: Base["domain"];
  /** As those of the base. */
  readonly reparameterized: Base["reparameterized"];
  /** The distribution of z. */
  readonly base: Base;
  /** T. */
  readonly map: InvertibleMap;
}

/**
 * The distribution of T(z), for z from a base.
 *
 * A draw goes forwards through the map and knows its own density; the density of other values goes
 * backwards. Which of them is fast is up to the map.
 *
 * @param parameters The base and the map.
 * @returns B distributions over events of the shape of the base.
 *
 * @example
 * ```ts
 * import { distributions, type InvertibleMap } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * const twice: InvertibleMap = {
 *   forward: (z) => ({ value: tf.mul(z, 2), logDeterminant: tf.fill([1, 1], Math.log(2)) }),
 *   inverse: (x) => ({ value: tf.div(x, 2), logDeterminant: tf.fill([1, 1], -Math.log(2)) }),
 * };
 * tf.tidy(() => {
 *   const base = distributions.standardNormal({ event: [1] });
 *   const wide = distributions.normal({ mean: tf.zeros([1, 1]), scale: tf.fill([1, 1], 2) });
 *   const x = tf.ones([1, 1, 1]);
 *   const [a] = distributions.transformed({ base, map: twice }).logProb(x).dataSync();
 *   assert(Math.abs(a! - wide.logProb(x).dataSync()[0]!) < 1e-6);
 * });
 * ```
 */
export function transformed<Base extends Distribution>(
  { base, map, batch = base.batch }: TransformedParameters<Base>,
): Transformed<Base> {
  const { domain, reparameterized, event } = base;
  return {
    family: "transformed",
    domain,
    reparameterized,
    batch,
    event,
    base,
    map,
    draw: (seed, samples = 1) => {
      // One base draws as often as there are rows.
      const { value, logProb } = base.draw(seed, samples * batch / base.batch);
      const mapped = map.forward(inShape(value, [samples, batch, ...event]));
      return {
        value: mapped.value,
        logProb: () => tf.sub(inShape(logProb(), [samples, batch]), mapped.logDeterminant),
      };
    },
    logProb: (value, seed) => {
      const mapped = map.inverse(value);
      return tf.add(base.logProb(mapped.value, seed), mapped.logDeterminant);
    },
  };
}

/**
 * The family of normal distributions that went through some map, as the laws are told of it.
 *
 * @param options The map.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const map = { forward: () => assert.fail(), inverse: () => assert.fail() };
 * const { parameters } = distributions.transformedFamily({ map });
 * assert.deepEqual(parameters, { mean: "real", scale: "positive" });
 * ```
 */
export function transformedFamily(
  { map }: { readonly map: InvertibleMap },
): Family<Transformed<Normal>, "mean" | "scale"> {
  return {
    name: "transformed",
    parameters: { mean: "real", scale: "positive" },
    support: "real",
    make: (parameters) => transformed({ base: normal(parameters), map }),
  };
}
