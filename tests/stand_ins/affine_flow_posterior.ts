/**
 * A normal posterior, followed by one inverse autoregressive step with weights of its own.
 *
 * zᵢ = yᵢ·exp sᵢ(y₁…ᵢ₋₁) + mᵢ(y₁…ᵢ₋₁), so that log q(z|x) = log N(y | μ(x), σ²(x)) − Σ sᵢ
 * Kingma et al., "Improving variational inference with inverse autoregressive flow",
 * arXiv:1606.04934, eq. 10 and 11.
 *
 * @module
 */
import {
  distributions,
  initializers,
  type Posterior,
  type Scope,
  type Shape,
  sizeOf,
  sumOverEvent,
  type Tensor,
} from "../../mod.ts";
import { tf } from "../../core/tf.ts";
import { type PushForward, pushForward } from "./push_forward.ts";

/** Latents that depend on each other. */
export type AffineFlow = PushForward<"affineFlow">;

/** What the encoder says of the normal. */
export type AffineFlowHeads = { readonly mean: Shape; readonly rawScale: Shape };

/** m and s of every latent `[S, B, …K]`, each a function of those before it. */
export type Step = (y: Tensor) => { readonly shift: Tensor; readonly logScale: Tensor };

/** A step whose m is linear, and whose s is bounded. */
export function stepOf({ latent, weight }: Scope): Step {
  const size = sizeOf(latent), shape = [size, size] as const;
  const shift = weight("shift", shape, initializers.zeros);
  const logScale = weight("logScale", shape, initializers.zeros);
  const before = Array.from(
    { length: size * size },
    (_, k) => Math.floor(k / size) < k % size ? 1 : 0,
  );
  return (y) => {
    const flat = tf.reshape(y, [-1, size]) as tf.Tensor2D, mask = tf.tensor2d(before, [size, size]);
    const of = (kernel: Tensor): Tensor =>
      tf.reshape(tf.matMul(flat, tf.mul(kernel, mask)), y.shape);
    return { shift: of(shift()), logScale: tf.tanh(of(logScale())) };
  };
}

/** z of y. */
export function forward(step: Step, y: Tensor): Tensor {
  const { shift, logScale } = step(y);
  return tf.add(tf.mul(y, tf.exp(logScale)), shift);
}

/** y of z: every round makes one more latent right, and none wrong again. */
export function inverse(step: Step, z: Tensor, latents: number): Tensor {
  let y = z;
  for (let round = 0; round < latents; round++) {
    const { shift, logScale } = step(y);
    y = tf.mul(tf.sub(z, shift), tf.exp(tf.neg(logScale)));
  }
  return y;
}

/** The distribution of z. */
export function transformed(base: distributions.Normal, step: Step): AffineFlow {
  return pushForward("affineFlow", base, {
    forward: (y) => forward(step, y),
    inverse: (z) => inverse(step, z, sizeOf(base.event)),
    logDeterminant: (y) => sumOverEvent(step(y).logScale, base.event),
  });
}

/** A normal that one step makes into something else. */
export function affineFlow(transform = transformed): Posterior<AffineFlowHeads, AffineFlow> {
  return {
    kind: "posterior",
    name: "affineFlow",
    options: {},
    heads: (latent) => ({ mean: latent, rawScale: latent }),
    build: (scope) => {
      const step = stepOf(scope);
      return ({ mean, rawScale }) => transform(distributions.normal({ mean, rawScale }), step);
    },
  };
}
