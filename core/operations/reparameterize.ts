/**
 * z = μ + σ·ε, through which gradients pass to μ and σ.
 *
 * Kingma and Welling, "Auto-encoding variational Bayes", arXiv:1312.6114, §2.4.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { sameShape, type Tensor } from "../types.ts";
import { launch, operation } from "./operation.ts";
import { stopGradient } from "./stop_gradient.ts";

type ReparameterizeInputs = {
  readonly mean: Tensor;
  readonly scale: Tensor;
  readonly noise: Tensor;
};

const run = operation<ReparameterizeInputs, Record<never, never>, Tensor>({
  name: "ElboReparameterize",
  define: ({ mean, scale, noise }) => tf.add(mean, tf.mul(scale, stopGradient(noise))),
  fits: ({ mean, scale, noise }) =>
    sameShape(mean.shape, scale.shape) && sameShape(mean.shape, noise.shape.slice(1)),
  saves: { inputs: ["noise"] },
  gradient: (upstream, { noise }) => {
    const [dmean, dscale] = launch<[Tensor, Tensor]>("ElboReparameterizeGradient", {
      upstream,
      noise,
    });
    return {
      mean: () => dmean,
      scale: () => dscale,
      noise: () => tf.zerosLike(noise),
    };
  },
});

/**
 * z = μ + σ·ε.
 *
 * @param mean μ `[B, …event]`.
 * @param scale σ of that shape, or one that broadcasts to it.
 * @param noise ε `[S, B, …event]`, to which no gradient passes.
 * @returns z `[S, B, …event]`.
 */
export function reparameterize(mean: Tensor, scale: Tensor, noise: Tensor): Tensor {
  return run({ mean, scale, noise }, {});
}
