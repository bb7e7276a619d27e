/**
 * Elbo's distributions on the simplex and on the sphere, each with a bug.
 *
 * @module
 */
import { tf } from "../../../../core/deps.ts";
import { stopGradient } from "../../../../core/operations/stop_gradient.ts";
import { normalNoise, uniformNoise } from "../../../../core/random.ts";
import { sizeOf, type Tensor } from "../../../../core/types.ts";
import * as d from "../../../../plugins/distributions/mod.ts";
import type { Suite } from "../../mutant.ts";
import { denser, drawn, drawnFrom, familySuite, moved, scoredBy } from "../suites.ts";

/** Σ log xᵢ of parts. */
export const logParts = (x: Tensor): Tensor => tf.sum(tf.log(x), -1);

/** On the simplex and on the sphere. */
export const simplexAndSphere: readonly Suite[] = [
  familySuite("distributions.logisticNormal", d.logisticNormalFamily, {
    "the slope Σ log x is forgotten": (q) => denser(q, logParts),
    "the slope Σ log x has the wrong sign": (q) => denser(q, (x) => tf.mul(logParts(x), 2)),
    "½ log K is forgotten": (q) => denser(q, () => 0.5 * Math.log(q.event[0]!)),
    "draws forget μ": (q, { location, scale }) =>
      drawnFrom(q, d.logisticNormal({ location: tf.zerosLike(location), scale })),
  }),
  familySuite("distributions.relaxedOneHotCategorical", d.relaxedOneHotCategoricalFamily, {
    "(C − 1) log λ is dropped": (q, { temperature }) =>
      denser(q, () => tf.mul(tf.log(tf.reshape(temperature, [-1])), 1 - q.event.at(-1)!)),
    "log Γ(C) is dropped": (q) => denser(q, () => -Math.log(2)), // C = 3
    "− Σ log x is dropped, the Jacobian of the softmax": (q) => denser(q, logParts),
    "uniform noise for Gumbel's": (q, { logits, temperature }) =>
      drawn(
        q,
        (seed, shape) => tf.softmax(tf.div(tf.add(logits, uniformNoise(seed, shape)), temperature)),
      ),
    "draws are multiplied by the temperature": (q, { logits, temperature }) =>
      drawnFrom(
        q,
        d.relaxedOneHotCategorical({ logits, temperature: tf.reciprocal(temperature) }),
      ),
  }),
  familySuite("distributions.powerSpherical", d.powerSphericalFamily, {
    "β log π is dropped": (q) => denser(q, () => (sizeOf(q.event) - 1) / 2 * Math.log(Math.PI)),
    "log √(1 + μᵀx) for log (1 + μᵀx)": (q, { direction }) =>
      scoredBy(q, d.powerSpherical({ direction, scale: tf.mul(q.scale, 0.5) })),
    "draws around − μ": (q) => moved(q, tf.neg),
    "draws leave the sphere": (q) => moved(q, (x) => tf.mul(x, 1.05)),
    "the mean is μ": (q) => ({ mean: q.location }),
    "no gradient by κ passes through the draws": (q, { direction, scale }) =>
      drawnFrom(q, d.powerSpherical({ direction, scale: stopGradient(scale) })),
  }),
  familySuite("distributions.uniformSphere", d.uniformSphereFamily, {
    "the area of the sphere in one dimension more": (q) =>
      denser(q, (x) => tf.fill(x.shape.slice(0, 2), Math.log(2 / Math.PI))), // 4π over 2π²
    "draws are not divided by their length": (q) => drawn(q, normalNoise),
    "draws are points of a cube, divided by their length": (q) =>
      drawn(q, (seed, shape) => {
        const cube = tf.sub(tf.mul(uniformNoise(seed, shape), 2), 1);
        return tf.div(cube, tf.norm(cube, "euclidean", -1, true));
      }),
  }),
];
