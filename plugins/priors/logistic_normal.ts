/**
 * p(z) = Laplace's approximation of a symmetric Dirichlet distribution, Dir(α, …, α).
 *
 * In the logarithms of the parts it has mean 0 and the same variance 1/α in all directions within the
 * simplex, so that it is a logistic normal: z = softmax(V·y) with y ~ N(0, 1/α).
 *
 * Srivastava and Sutton, "Autoencoding variational inference for topic models", arXiv:1703.01488,
 * "Working with Dirichlet beliefs", who keep the diagonal of that covariance.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { requireNumber } from "../../core/errors.ts";
import type { Prior } from "../../core/prior.ts";
import {
  type LogisticNormal,
  logisticNormal as logisticNormalDistribution,
  simplexCoordinates,
} from "../distributions/logistic_normal.ts";

/** Options of {@linkcode logisticNormal}. */
export interface LogisticNormalOptions {
  /**
   * α, which all parts have in common: below 1 few parts are large, above 1 they are alike.
   * @default 1
   */
  readonly concentration?: number;
}

/**
 * A prior over K parts that are positive and add up to 1, for `posteriors.logisticNormal`.
 *
 * @param options The concentration of the Dirichlet distribution that it stands for.
 * @throws {RangeError} If the concentration is not a positive number.
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(priors.logisticNormal().options, { concentration: 1 });
 * assert.throws(() => priors.logisticNormal({ concentration: 0 }), /must be a positive number/);
 * ```
 */
export function logisticNormal(
  { concentration = 1 }: LogisticNormalOptions = {},
): Prior<LogisticNormal> {
  const range = { minimum: 0, open: true };
  requireNumber("build prior", "concentration", concentration, range);
  return {
    kind: "prior",
    name: "logisticNormal",
    options: { concentration },
    build: ({ latent }) => {
      const shape = [1, ...simplexCoordinates("build prior 'logisticNormal'", latent)];
      return () =>
        logisticNormalDistribution({
          location: tf.zeros(shape),
          scale: tf.fill(shape, concentration ** -0.5),
        });
    },
  };
}
