/**
 * p(x|z) = ∏ Σ_c w_c(z) DiscretizedLogistic(x | μ_c(z), s_c(z)), for grey values on L levels.
 *
 * Salimans, Karpathy, Chen and Kingma, "PixelCNN++: improving the PixelCNN with discretized logistic
 * mixture likelihood and other modifications", arXiv:1701.05517, §2.1. Here the channels of a pixel
 * are independent given z.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { requirePositiveInteger } from "../../core/errors.ts";
import type { Likelihood } from "../../core/likelihood.ts";
import { positiveScale } from "../../core/operations/positive_scale.ts";
import type { Shape, Tensor } from "../../core/types.ts";
import {
  type DiscretizedLogistic,
  discretizedLogistic,
  requireLevels,
} from "../distributions/discretized_logistic.ts";
import { type FactorizedMixture, factorizedMixture } from "../distributions/factorized_mixture.ts";

/**
 * What the discretized logistic mixture wants from the decoder: `[…D, C]` each, or `[H, W, channels·C]`
 * for pictures with channels.
 */
export type DiscretizedLogisticMixtureHeads = {
  /** ℓ, of which the weights of the components are the softmax. */
  readonly logits: Shape;
  /** 2μ − 1: levels from −1 to 1. */
  readonly location: Shape;
  /** 2s before the softplus. */
  readonly rawScale: Shape;
};

/** Options of {@linkcode discretizedLogisticMixture}. */
export interface DiscretizedLogisticMixtureOptions {
  /**
   * C, the number of components of each mixture.
   * @default 5
   */
  readonly components?: number;
  /**
   * L, the number of grey values: data are k/(L − 1) for k = 0, 1, …, L − 1.
   * @default 256
   */
  readonly levels?: number;
}

/** The smallest scale, in parts of a level: all but 10⁻⁴ of the mass is then on one. */
const SMALLEST_SCALE = 1 / 20;

/**
 * A likelihood for grey values on L levels from 0 to 1, as 8-bit pictures divided by 255. A value
 * between two levels counts as the nearer one.
 *
 * Its nats are those of a probability, which never exceed 0: for D values −log p(x) / (D log 2) are
 * bits per dimension. A level has a share of 1/L in the interval from 0 to 1, so that D log L has to be
 * added before they are compared with those of a density there, as of `continuousBernoulli`.
 *
 * Its mean, and so a reconstruction, sums over all levels.
 *
 * @param options The number of components and of levels.
 * @throws {RangeError} If the components are no positive integer, or the levels none of at least 2.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { heads, options, support } = likelihoods.discretizedLogisticMixture();
 * assert.deepEqual([options, support], [{ components: 5, levels: 256 }, "unit"]);
 * assert.deepEqual(heads([784]).logits, [784, 5]);
 * assert.deepEqual(heads([32, 32, 3]).logits, [32, 32, 15]);
 * ```
 */
export function discretizedLogisticMixture(
  { components = 5, levels = 256 }: DiscretizedLogisticMixtureOptions = {},
): Likelihood<DiscretizedLogisticMixtureHeads, "unit", FactorizedMixture<DiscretizedLogistic>> {
  requirePositiveInteger("build likelihood", "components", components);
  requireLevels("build likelihood", levels);
  const smallest = SMALLEST_SCALE / (levels - 1);
  return {
    kind: "likelihood",
    name: "discretizedLogisticMixture",
    options: { components, levels },
    support: "unit",
    heads: (event) => {
      const [height, width, channels] = event as [number, number, number];
      const head = event.length === 3
        ? [height, width, channels * components]
        : [...event, components];
      return { logits: head, location: head, rawScale: head };
    },
    build: ({ data }) => {
      const split = (output: Tensor): Tensor => tf.reshape(output, [-1, ...data, components]);
      return ({ logits, location, rawScale }) =>
        factorizedMixture({
          logits: split(logits),
          components: discretizedLogistic({
            location: split(tf.mul(tf.add(location, 1), 0.5)),
            scale: split(tf.add(tf.mul(positiveScale(rawScale), 0.5), smallest)),
            levels,
          }),
        });
    },
  };
}
