/**
 * The importance-weighted bound L_K = E[log 1/K Σ w], with w = p(x, z) / q(z|x).
 *
 * Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", arXiv:1509.00519, eq. 8.
 * Its doubly reparameterized gradient: Tucker et al., "Doubly reparameterized gradient estimators
 * for Monte Carlo objectives", arXiv:1810.04152.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution } from "../../core/distribution.ts";
import { outOfRange, requirePositiveInteger } from "../../core/errors.ts";
import type { Ledger } from "../../core/ledger.ts";
import type { Objective, Pass } from "../../core/objective.ts";
import { stopGradient } from "../../core/operations/stop_gradient.ts";
import type { Tensor } from "../../core/types.ts";
import { densitiesAt, importanceWeighted, normalized } from "./_importance_weighted.ts";

/** Options of {@linkcode iwae}. */
export interface IwaeOptions {
  /**
   * K, the number of latent samples for each datum.
   * @default 5
   */
  readonly samples?: number;
  /**
   * Which estimate of the gradient to follow. The plain one tells the encoder ever less as K grows;
   * the doubly reparameterized one does not, and decodes twice for that.
   * @default "plain"
   */
  readonly gradient?: "plain" | "doublyReparameterized";
}

/** The identity forwards; backwards the gradient of `[K, B, …]` times a factor `[K, B]`. */
function scaleGradient(value: Tensor, factor: Tensor): Tensor {
  const along = tf.reshape(factor, [...factor.shape, ...value.shape.slice(2).map(() => 1)]);
  const scaled = tf.customGrad((x, save) => {
    // It is saved without being an input: nothing flows back to where the factor was made.
    (save as tf.GradSaveFunc)([along]);
    return {
      value: tf.clone(x as Tensor),
      gradFunc: (upstream: Tensor, [saved]: Tensor[]) => tf.mul(upstream, saved!),
    };
  });
  return scaled(value);
}

/**
 * ∇L_K = E[Σ w̃² (∂ log w / ∂z) ∇z] for q, and E[Σ w̃ ∇ log w] for all else: log w of a q(z|x) that
 * is detached, with w̃ once from the surrogate, and once more on the way through z.
 */
function doublyReparameterized(
  pass: Pass<Distribution, Distribution>,
  latents: Tensor,
): { readonly ledger: Ledger; readonly nats: Tensor } {
  const posterior = pass.detachedPosterior();
  const at = (z: Tensor) => densitiesAt(pass, z, posterior.logProb(z));
  const weights = tf.exp(normalized(at(latents).logWeights));
  const densities = at(scaleGradient(latents, weights));
  const surrogate = tf.sum(tf.mul(stopGradient(weights), densities.logWeights), 0);
  const { ledger, nats } = importanceWeighted(densities, 0);
  return { ledger: { ...ledger, surrogate: tf.mean(surrogate) }, nats };
}

/**
 * The bound of importance-weighted autoencoders: the ELBO with one sample, and tighter with more.
 *
 * Its rows add up to it: the reconstruction Σ w̃ log p(x|z), the divergence
 * Σ w̃ (log q(z|x) − log p(z)), both under the normalized weights w̃ = w / Σ w, and the entropy of
 * these weights less log K, their largest.
 *
 * @param options The number of samples, and the estimate of the gradient.
 * @throws {RangeError} If the number of samples is not a positive integer, or the gradient an
 * unknown word.
 *
 * @example
 * ```ts
 * import { likelihoods, networks, objectives, posteriors, priors, vae } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [2],
 *   latent: 1,
 *   encoder: networks.mlp({ hidden: [8] }),
 *   decoder: networks.mlp({ hidden: [8] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.standardNormal(),
 *   likelihood: likelihoods.bernoulli(),
 *   objective: objectives.iwae({ samples: 8, gradient: "doublyReparameterized" }),
 * });
 * tf.tidy(() => {
 *   const { bound } = model.ledger(tf.tensor2d([[0, 1]]), { seed: 1 });
 *   assert.equal(bound?.name, "IWAE, 8 samples");
 * });
 * model.dispose();
 * ```
 */
export function iwae(
  { samples = 5, gradient = "plain" }: IwaeOptions = {},
): Objective<Distribution, Distribution> {
  requirePositiveInteger("build objective", "samples", samples);
  if (gradient !== "plain" && gradient !== "doublyReparameterized") {
    const requirement = "'gradient' must be 'plain' or 'doublyReparameterized'";
    throw outOfRange("build objective", requirement, gradient);
  }
  return {
    kind: "objective",
    name: "iwae",
    options: { samples, gradient },
    ledger: (pass) => {
      const draw = pass.posterior.draw(pass.seed.split("latents"), samples);
      const { ledger, nats } = gradient === "plain"
        ? importanceWeighted(densitiesAt(pass, draw.value, draw.logProb()), 0)
        : doublyReparameterized(pass, draw.value);
      return { ...ledger, bound: { name: `IWAE, ${samples} samples`, nats } };
    },
  };
}
