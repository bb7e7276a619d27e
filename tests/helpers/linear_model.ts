/**
 * A linear model with one latent u and its exact posterior:
 * p(u) = N(0, 1), p(z|u) = N(w u + b + c·v, 1), q(u|z) = p(u|z).
 *
 * Importance weights are then p(z) whatever u was drawn, so that an estimate of p(z) is exact.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { glorotUniform, zeros } from "../../core/initializers.ts";
import { likelihoods, type Network, posteriors, type Prior, priors } from "../../mod.ts";
import { sizeOf, type Tensor } from "../../mod.ts";

/** The model as a prior. */
export function linearModelPrior(
  options: { readonly samples?: number } = {},
): Prior<priors.Marginal> {
  let slope: (() => Tensor) | undefined, shift: ((condition?: Tensor) => Tensor) | undefined;
  const decoder: Network<likelihoods.NormalHeads> = {
    kind: "network",
    name: "linear",
    options: {},
    build: (scope, { heads: { mean: event } }) => {
      const size = sizeOf(event), { condition: given } = scope;
      slope = scope.weight("slope", [1, size], glorotUniform);
      const bias = scope.weight("bias", [1, size], zeros);
      const map = given && scope.weight("map", [sizeOf(given), size], glorotUniform);
      shift = (condition) =>
        condition && map ? tf.add(bias(), tf.matMul(condition as tf.Tensor2D, map())) : bias();
      return (u, { condition }) => ({
        mean: tf.reshape(tf.add(tf.mul(u, slope!()), shift!(condition)), [-1, ...event]),
      });
    },
  };
  const encoder: Network<posteriors.DiagonalNormalHeads> = {
    kind: "network",
    name: "exact",
    options: {},
    build: () => (z, { condition }) => {
      const w = slope!(), rows = tf.reshape(z, [z.shape[0]!, -1]);
      const precision = tf.add(tf.sum(tf.square(w)), 1);
      const along = tf.sum(tf.mul(tf.sub(rows, shift!(condition)), w), 1, true);
      const mean = tf.div(along, precision), scale = tf.rsqrt(precision);
      return { mean, rawScale: tf.mul(tf.onesLike(mean), tf.log(tf.expm1(scale))) };
    },
  };
  return priors.modelPrior({
    latent: 1,
    encoder,
    decoder,
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.normal({ scale: 1 }),
    ...options,
  });
}
