/**
 * The uniform distribution on the unit sphere S^(K−1), the points of length 1 in ℝᴷ.
 *
 * p(x) = Γ(K/2) / (2 π^(K/2)), one over the area of the sphere
 *
 * Davidson et al., "Hyperspherical variational auto-encoders", arXiv:1804.00891. Draws are standard
 * normal vectors divided by their length: Muller, "A note on a method for generating points
 * uniformly on n-dimensional spheres", 1959.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { Distribution, WithMean, WithVariance } from "../../core/distribution.ts";
import type { Family } from "../../core/family.ts";
import { normalNoise } from "../../core/random.ts";
import { lazily } from "../../core/tidy.ts";
import { type Shape, sizeOf } from "../../core/types.ts";

/** One uniform distribution on the sphere, shared by the whole batch. */
export interface UniformSphere extends WithMean<"uniformSphere">, WithVariance<"uniformSphere"> {
  /** It is a density on points of length 1. */
  readonly domain: "sphere";
  /** Its draws have no parameters that a gradient could pass to. */
  readonly reparameterized: true;
}

/**
 * Whether a distribution is the uniform one on the sphere.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert(distributions.isUniformSphere(distributions.uniformSphere({ event: [3] })));
 * ```
 */
export function isUniformSphere(distribution: Distribution): distribution is UniformSphere {
  return distribution.family === "uniformSphere";
}

/** log 2π^(K/2) / Γ(K/2), by A(1) = 2, A(2) = 2π and A(K) = A(K − 2) · 2π / (K − 2). */
function logArea(dimensions: number): number {
  let log = dimensions % 2 === 1 ? Math.log(2) : Math.log(2 * Math.PI);
  for (let k = dimensions - 2; k > 0; k -= 2) log += Math.log(2 * Math.PI / k);
  return log;
}

/**
 * The uniform distribution on the sphere, for events of some shape: all elements of an event
 * together have length 1.
 *
 * @param options The shape of one event, of K elements in all.
 * @returns One distribution (B = 1).
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const sphere = distributions.uniformSphere({ event: [3] });
 *   const [nats] = sphere.logProb(tf.tensor3d([[[0, 0, 1]]])).dataSync();
 *   assert(Math.abs(nats! + Math.log(4 * Math.PI)) < 1e-6);
 * });
 * ```
 */
export function uniformSphere(options: { readonly event: Shape }): UniformSphere {
  const { event } = options, size = sizeOf(event), nats = -logArea(size);
  const meanOf = lazily(() => tf.zeros([1, ...event]));
  const varianceOf = lazily(() => tf.fill([1, ...event], 1 / size));
  return {
    family: "uniformSphere",
    domain: "sphere",
    reparameterized: true,
    batch: 1,
    event,
    get mean() {
      return meanOf();
    },
    get variance() {
      return varianceOf();
    },
    draw: (seed, samples = 1) => {
      const noise = normalNoise(seed, [samples, size]);
      const length = tf.sqrt(tf.sum(tf.square(noise), 1, true));
      return {
        value: tf.reshape(tf.div(noise, length), [samples, 1, ...event]),
        logProb: () => tf.fill([samples, 1], nats),
      };
    },
    logProb: ({ shape }) => tf.fill(shape.slice(0, 2), nats),
  };
}

/**
 * The family of the one uniform distribution on the sphere, as the laws are told of it.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distributions.uniformSphereFamily.support, "sphere");
 * ```
 */
export const uniformSphereFamily: Family<UniformSphere, never> = {
  name: "uniformSphere",
  parameters: {},
  support: "sphere",
  make: (_, event) => uniformSphere({ event }),
};
