/**
 * A prior that is a mixture of normals, all of whose parameters are learned.
 *
 * p(z) = Σ_c w_c N(z | μ_c, diag σ_c²), with w = softmax(ℓ)
 * Bishop, "Pattern recognition and machine learning", 2006, eq. 9.7.
 *
 * @module
 */
import {
  type Distribution,
  distributions,
  initializers,
  type Prior,
  type Seed,
  type Tensor,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { gumbelNoise } from "./categorical.ts";

/** A mixture of distributions. */
export type Mixture = Distribution<"mixture">;

/** log p_c(z) of every component: `[S, B, …event]` → `[S, B, C]`. */
export function componentDensities(components: Distribution, value: Tensor, seed?: Seed): Tensor {
  const [samples, batch] = value.shape as [number, number];
  const rows = tf.reshape(value, [samples * batch, 1, ...components.event]);
  return tf.reshape(components.logProb(rows, seed), [samples, batch, components.batch]);
}

/** Σ_c w_c p_c, with components that are a batch of C distributions, and log w `[C]`. */
export function mixture(components: Distribution, logWeights: Tensor): Mixture {
  const { domain, event, batch: count } = components;
  const logProb = (value: Tensor, seed?: Seed): Tensor =>
    tf.logSumExp(tf.add(componentDensities(components, value, seed), logWeights), -1);
  return {
    family: "mixture",
    domain,
    reparameterized: false,
    batch: 1,
    event,
    draw: (seed, samples = 1) => {
      const noise = gumbelNoise(seed.split("component"), [samples, count]);
      const chosen = tf.oneHot(tf.argMax(tf.add(logWeights, noise), -1), count);
      const each = components.draw(seed.split("values"), samples).value;
      const selector = tf.reshape(chosen, [samples, count, ...event.map(() => 1)]);
      const value = tf.sum(tf.mul(each, tf.cast(selector, "float32")), 1, true);
      return { value, logProb: () => logProb(value, seed.split("density")) };
    },
    logProb,
  };
}

/** A mixture of C normals, put together by `combine`. */
export function mixturePrior(
  { components }: { readonly components: number },
  combine: typeof mixture = mixture,
): Prior<Mixture> {
  return {
    kind: "prior",
    name: "mixturePrior",
    options: { components },
    build: (scope) => {
      const shape = [components, ...scope.latent];
      const logits = scope.weight("logits", [components], initializers.zeros);
      const means = scope.weight("means", shape, initializers.glorotUniform);
      const rawScales = scope.weight("rawScales", shape, initializers.zeros);
      return () => {
        const normals = distributions.normal({ mean: means(), rawScale: rawScales() });
        return combine(normals, tf.logSoftmax(logits()));
      };
    },
  };
}
