/**
 * p(z) = Σ_c w_c N(z | μ_c, diag σ_c²), with w = softmax(ℓ), all of it learned.
 *
 * Jiang et al., "Variational deep embedding: an unsupervised and generative approach to clustering",
 * arXiv:1611.05148; here the components are summed out.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { requirePositiveInteger } from "../../core/errors.ts";
import { constant, zeros } from "../../core/initializers.ts";
import { rawScaleOf } from "../../core/operations/positive_scale.ts";
import type { Prior } from "../../core/prior.ts";
import { normalNoise } from "../../core/random.ts";
import { type Mixture, mixture } from "../distributions/mixture.ts";
import { type Normal, normal } from "../distributions/normal.ts";

/** Options of {@linkcode mixtureOfNormals}. */
export interface MixtureOfNormalsOptions {
  /**
   * C, the number of normals.
   * @default 10
   */
  readonly components?: number;
}

/**
 * A prior that is a mixture of diagonal normals, whose means, scales and weights the model learns.
 * They start with means drawn from N(0, 1), scales of 1 and equal weights. Its KL has no closed form
 * and is estimated from draws.
 *
 * @param options The number of normals.
 * @throws {RangeError} If the number of components is not a positive integer.
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(priors.mixtureOfNormals().options, { components: 10 });
 * assert.throws(() => priors.mixtureOfNormals({ components: 0 }), /must be a positive integer/);
 * ```
 */
export function mixtureOfNormals(
  { components = 10 }: MixtureOfNormalsOptions = {},
): Prior<Mixture<Normal>> {
  requirePositiveInteger("build prior", "components", components);
  return {
    kind: "prior",
    name: "mixtureOfNormals",
    options: { components },
    build: ({ latent, weight }) => {
      const shape = [components, ...latent];
      const logits = weight("logits", [components], zeros);
      const means = weight("means", shape, (shape, seed) => normalNoise(seed, shape));
      const rawScales = weight("rawScales", shape, constant(rawScaleOf(1)));
      return () =>
        mixture({
          logits: tf.expandDims(logits(), 0),
          components: normal({ mean: means(), rawScale: rawScales() }),
        });
    },
  };
}
