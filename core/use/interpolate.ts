/**
 * Latents on the way from one to another.
 *
 * linear: zₜ = (1 − t)·a + t·b
 * spherical: zₜ = rₜ·(sin((1 − t)θ)·â + sin(tθ)·b̂) / sin θ with the angle θ between a and b,
 * â = a/|a|, b̂ = b/|b| and rₜ = (1 − t)·|a| + t·|b|
 *
 * White, "Sampling generative networks", arXiv:1609.04468, §2.1, after Shoemake, "Animating rotation
 * with quaternion curves", SIGGRAPH 1985. White puts a and b in place of rₜâ and rₜb̂: that is the same
 * where both are as long, and grows beyond all bounds where they are not and point away from each
 * other.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { outOfRange, requirePositiveInteger, wrongType } from "../errors.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import { sameShape, sizeOf, type Tensor } from "../types.ts";

/** Options of {@linkcode interpolate}. */
export interface InterpolateOptions {
  /** How many latents, both ends among them; a single one is the start. */
  readonly steps: number;
  /**
   * `"linear"` goes straight; `"spherical"` turns from one direction into the other while the length
   * changes evenly. In many dimensions nearly all draws of a standard normal prior are about √K long,
   * which a straight line between two of them is not.
   * @default "linear"
   */
  readonly path?: "linear" | "spherical";
}

const NAMES = { steps: true, path: true } satisfies OptionNames<InterpolateOptions>;

/** Vectors shorter than this share of their length are rounding. */
const ROUNDING = 1e-6;

/** The length along the last axis, which stays. */
function lengthOf(x: Tensor): Tensor {
  return tf.sqrt(tf.sum(tf.square(x), -1, true));
}

/** Vectors of length 1; zero stays zero. */
function direction(x: Tensor): Tensor {
  const length = lengthOf(x);
  return tf.div(x, tf.where(tf.greater(length, 0), length, 1));
}

/** The part of `x` that is at a right angle to the unit vector `u`, made to have length 1. */
function across(x: Tensor, u: Tensor): Tensor {
  const part = (y: Tensor): Tensor => tf.sub(y, tf.mul(u, tf.sum(tf.mul(u, y), -1, true)));
  return direction(part(direction(part(x)))); // Twice, as the first time leaves its rounding.
}

/** Arcs from a to b `[B, 1, K]` at some fractions `[1, T, 1]`: `[B, T, K]`. */
function arcs(a: Tensor, b: Tensor, fractions: Tensor): Tensor {
  const u = direction(a), v = direction(b), width = a.shape[2]!;
  // Exact for any angle, as the arc cosine is not (Kahan).
  const apart = lengthOf(tf.sub(u, v)), together = lengthOf(tf.add(u, v));
  const angle = tf.mul(2, tf.atan2(apart, together));
  // Opposite vectors have no arc of their own: it goes by the axis that is the farthest from both.
  const parallel = tf.less(tf.minimum(apart, together), ROUNDING);
  const farthest = tf.expandDims(tf.argMin(tf.abs(u), -1), -1);
  const axis = tf.cast(tf.equal(farthest, tf.range(0, width, 1, "int32")), "float32");
  const normal = across(tf.where(parallel, axis, v), u);
  const turned = tf.mul(angle, fractions);
  const length = tf.add(
    tf.mul(lengthOf(a), tf.sub(1, fractions)),
    tf.mul(lengthOf(b), fractions),
  );
  return tf.mul(length, tf.add(tf.mul(tf.cos(turned), u), tf.mul(tf.sin(turned), normal)));
}

/**
 * Latents on the way from some to others, pair by pair, for `model.decode`.
 *
 * Both ends are exactly those that are given. A spherical path needs two directions: where one end
 * is zero it is straight. Between opposite vectors, where every half circle is as short, it goes by the
 * axis at the widest angle to them; with a single latent it can but pass through zero.
 *
 * @param from Where to start `[B, …K]`.
 * @param to Where to end `[B, …K]`.
 * @param options How many latents, and on which path.
 * @returns Latents `[B·steps, …K]`, one path after the other.
 * @throws {RangeError} If `steps` is not a positive integer, or the path an unknown word.
 * @throws {TypeError} If the ends are not tensors `[B, …K]` of one shape, or an option is unknown.
 *
 * @example
 * ```ts
 * import { dataset, interpolate, presets } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [6], latent: 2, hidden: [8] });
 * const { x } = dataset([[0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0]], { support: "binary" }).rows([0, 1]);
 * const pictures = tf.tidy(() => {
 *   const [from, to] = tf.split(model.encode(x).mean, 2);
 *   return model.decode(interpolate(from!, to!, { steps: 5, path: "spherical" })).mean;
 * });
 * assert.deepEqual(pictures.shape, [5, 6]);
 * tf.dispose([x, pictures]);
 * model.dispose();
 * ```
 */
export function interpolate(
  from: Tensor,
  to: Tensor,
  options: InterpolateOptions,
): Tensor {
  requireOptions("interpolate", options, NAMES);
  const { steps, path = "linear" } = options;
  requirePositiveInteger("interpolate", "steps", steps);
  if (path !== "linear" && path !== "spherical") {
    throw outOfRange("interpolate", "'path' must be 'linear' or 'spherical'", path);
  }
  for (const [name, end] of Object.entries({ from, to })) {
    if (end instanceof tf.Tensor && end.rank > 1 && sameShape(end.shape, from.shape)) continue;
    const shape = end instanceof tf.Tensor ? end.shape : end;
    throw wrongType("interpolate", `'${name}' must be a tensor [B, …K], as the other end`, shape);
  }
  return tf.tidy(() => {
    const [rows, ...latent] = from.shape as [number, ...number[]];
    const width = sizeOf(latent), inner = Math.max(0, steps - 2);
    const [a, b] = [from, to].map((end) => tf.reshape(end, [rows, 1, width])) as [Tensor, Tensor];
    const parts = [a];
    if (inner > 0) {
      const fractions = tf.tensor(
        Array.from({ length: inner }, (_, i) => (i + 1) / (steps - 1)),
        [1, inner, 1],
      );
      const lines = tf.add(tf.mul(a, tf.sub(1, fractions)), tf.mul(b, fractions));
      const zero = tf.equal(tf.minimum(lengthOf(a), lengthOf(b)), 0);
      parts.push(path === "linear" ? lines : tf.where(zero, lines, arcs(a, b, fractions)));
    }
    if (steps > 1) parts.push(b);
    return tf.reshape(tf.concat(parts, 1), [rows * steps, ...latent]);
  });
}
