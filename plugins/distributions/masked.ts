/**
 * A factorized distribution with some elements left out of its density.
 *
 * log p(x) = Σ_k m_k log p(x_k), with m_k 1 where x_k was observed and 0 where it is missing
 *
 * What is missing is integrated out, as it is independent of the rest. Nazábal et al., "Handling
 * incomplete heterogeneous data using VAEs", arXiv:1807.03653, §2.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { type Factorized, sumOverEvent } from "../../core/distribution.ts";
import { wrongType } from "../../core/errors.ts";
import type { Family } from "../../core/family.ts";
import { sameShape, type Tensor } from "../../core/types.ts";
import { type Normal, normal } from "./normal.ts";

/** B distributions of which only the observed elements count. */
export interface Masked<X extends Factorized = Factorized> extends Factorized<"masked"> {
  /** What the density of an element is a density on. */
  readonly domain: X["domain"];
  /** Whether a gradient passes through a draw. */
  readonly reparameterized: X["reparameterized"];
  /** The distribution of all elements, the missing ones too. */
  readonly distribution: X;
  /** 1 where an element was observed and 0 where it is missing, `[B or 1, …event]`. */
  readonly mask: Tensor;
}

/**
 * A distribution of which only the observed elements count. The core does the same with the mask of a
 * batch; this is for scoring by oneself.
 *
 * Draws are those of the whole distribution. A value has to be given for missing elements too, some
 * number inside the support, which makes no difference.
 *
 * @param parameters A factorized distribution, and which of its elements were observed:
 * `[B or 1, …event]`.
 * @returns A distribution whose density is one of the observed elements alone.
 * @throws {TypeError} If the shape of the mask is not that of the distribution.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const coins = distributions.bernoulli({ logits: tf.zeros([1, 3]) });
 *   const seen = distributions.masked({ distribution: coins, mask: tf.tensor2d([[1, 0, 0]]) });
 *   const [nats] = seen.logProb(tf.ones([1, 1, 3])).dataSync();
 *   assert(Math.abs(nats! + Math.log(2)) < 1e-6);
 * });
 * ```
 */
export function masked<X extends Factorized>(
  { distribution, mask }: { readonly distribution: X; readonly mask: Tensor },
): Masked<X> {
  const { domain, reparameterized, batch, event } = distribution;
  const [rows, ...rest] = mask.shape;
  if (!sameShape(rest, event) || (rows !== 1 && batch !== 1 && rows !== batch)) {
    const shape = [batch === 1 ? "B" : batch, ...event].join(", ");
    throw wrongType("mask a distribution", `'mask' must have shape [${shape}]`, mask.shape);
  }
  const logDensities = (value: Tensor): Tensor => tf.mul(distribution.logDensities(value), mask);
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);
  return {
    family: "masked",
    domain,
    reparameterized,
    batch: Math.max(batch, rows!),
    event,
    distribution,
    mask,
    draw: (seed, samples = 1) => {
      // Rows that share a distribution are drawn apart.
      const times = samples * Math.max(1, rows! / batch);
      const { value } = distribution.draw(seed, times);
      const apart = tf.reshape(value, [samples, Math.max(batch, rows!), ...event]);
      return { value: apart, logProb: () => logProb(apart) };
    },
    logDensities,
    logProb,
  };
}

/**
 * Normals of which all elements were observed, as the laws are told of masked distributions: only
 * then is there a density of whole events.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.maskedFamily.support, "real");
 * ```
 */
export const maskedFamily: Family<Masked<Normal>, "mean" | "scale"> = {
  name: "masked",
  parameters: { mean: "real", scale: "positive" },
  support: "real",
  make: ({ mean, scale }) =>
    masked({ distribution: normal({ mean, scale }), mask: tf.onesLike(mean) }),
};
