/**
 * The uniform distribution on the sphere of points of length 1 in ℝᴷ.
 *
 * p(x) = Γ(K/2) / (2 π^(K/2)); draws are normal vectors, divided by their length.
 * Davidson et al., "Hyperspherical variational auto-encoders", arXiv:1804.00891.
 *
 * @module
 */
import {
  type Distribution,
  type Family,
  normalNoise,
  type Prior,
  type Shape,
  sizeOf,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";

/** Points on the sphere. */
export type UniformSphere = Distribution<"uniformSphere"> & { readonly domain: "sphere" };

/** log Γ(K/2), with Γ(½) = √π, Γ(1) = 1 and Γ(x + 1) = x·Γ(x). */
function logGammaOfHalf(dimensions: number): number {
  if (dimensions === 1) return 0.5 * Math.log(Math.PI);
  if (dimensions === 2) return 0;
  return logGammaOfHalf(dimensions - 2) + Math.log(dimensions / 2 - 1);
}

/** log 2π^(K/2) / Γ(K/2). */
function logArea(dimensions: number): number {
  return Math.log(2) + dimensions / 2 * Math.log(Math.PI) - logGammaOfHalf(dimensions);
}

/** The uniform distribution on the sphere, for events of some shape. */
export function uniformSphere({ event }: { readonly event: Shape }): UniformSphere {
  const nats = -logArea(sizeOf(event));
  return {
    family: "uniformSphere",
    domain: "sphere",
    reparameterized: true,
    batch: 1,
    event,
    draw: (seed, samples = 1) => {
      const direction = normalNoise(seed, [samples, 1, sizeOf(event)]);
      const value = tf.div(direction, tf.norm(direction, "euclidean", -1, true));
      return {
        value: tf.reshape(value, [samples, 1, ...event]),
        logProb: () => tf.fill([samples, 1], nats),
      };
    },
    logProb: ({ shape }) => tf.fill(shape.slice(0, 2), nats),
  };
}

/** The family of the one uniform distribution on the sphere. */
export const uniformSphereFamily: Family<UniformSphere, never> = {
  name: "uniformSphere",
  parameters: {},
  support: "sphere",
  make: (_, event) => uniformSphere({ event }),
};

/** p(z) is uniform on the sphere. */
export function uniformSpherePrior(): Prior<UniformSphere> {
  return {
    kind: "prior",
    name: "uniformSphere",
    options: {},
    build: ({ latent }) => () => uniformSphere({ event: latent }),
  };
}
