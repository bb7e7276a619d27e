/**
 * What a bijection makes of a normal.
 *
 * log q(z) = log N(y | μ, σ²) − log |dz/dy|, with z = T(y)
 * Rezende and Mohamed, "Variational inference with normalizing flows", arXiv:1505.05770, eq. 5.
 *
 * @module
 */
import type { Distribution, distributions, Tensor } from "../../mod.ts";
import { tf } from "../../core/tf.ts";

/** z = T(y), for y `[S, B, …event]`. */
export interface Bijection {
  /** z of y. */
  readonly forward: (y: Tensor) => Tensor;
  /** y of z. */
  readonly inverse: (z: Tensor) => Tensor;
  /** log |dz/dy| at y, of whole events: `[S, B]`, or one number for all. */
  readonly logDeterminant: (y: Tensor) => Tensor;
}

/** A normal whose events went through a bijection. */
export type PushForward<Family extends string> = Distribution<Family> & {
  readonly domain: "real";
  readonly reparameterized: true;
};

/** The distribution of T(y), with y from a normal. */
export function pushForward<Family extends string>(
  family: Family,
  base: distributions.Normal,
  { forward, inverse, logDeterminant }: Bijection,
): PushForward<Family> {
  return {
    family,
    domain: "real",
    reparameterized: true,
    batch: base.batch,
    event: base.event,
    draw: (seed, samples = 1) => {
      const { value, logProb } = base.draw(seed, samples);
      return {
        value: forward(value),
        logProb: () => tf.sub(logProb(), logDeterminant(value)),
      };
    },
    logProb: (value) => {
      const y = inverse(value);
      return tf.sub(base.logProb(y), logDeterminant(y));
    },
  };
}
