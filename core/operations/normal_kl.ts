/**
 * KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (μ² + σ² − 1 − log σ²), element by element and summed.
 *
 * Kingma and Welling, "Auto-encoding variational Bayes", arXiv:1312.6114, appendix B.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { sumOverEvent } from "../distribution.ts";
import { sameShape, type Shape, type Tensor } from "../types.ts";
import { launch, operation } from "./operation.ts";

type KlInputs = { readonly mean: Tensor; readonly scale: Tensor };
type KlAnswer = readonly [factors: Tensor, nats: Tensor];

const run = operation<KlInputs, { readonly event: Shape }, KlAnswer>({
  name: "ElboNormalKl",
  define: ({ mean, scale }, { event }) => {
    const moments = tf.add(tf.square(mean), tf.square(scale));
    const factors = tf.mul(tf.sub(tf.sub(moments, 1), tf.mul(tf.log(scale), 2)), 0.5);
    return [factors, sumOverEvent(factors, event)];
  },
  fits: ({ mean, scale }) => sameShape(mean.shape, scale.shape),
  saves: { inputs: ["mean", "scale"] },
  gradient: ([dfactors, dnats], { mean, scale }) => {
    const [dmean, dscale] = launch<[Tensor, Tensor]>("ElboNormalKlGradient", {
      mean,
      scale,
      dfactors,
      dnats,
    });
    return { mean: () => dmean, scale: () => dscale };
  },
});

/**
 * The KL of a normal distribution from the standard normal one.
 *
 * @param mean μ `[B, …K]`.
 * @param scale σ of that shape, or one that broadcasts to it.
 * @param event The shape of one event.
 * @returns The KL of every element `[B, …K]`, and of every event `[B]`, in nats.
 */
export function normalKl(mean: Tensor, scale: Tensor, event: Shape): KlAnswer {
  return run({ mean, scale }, { event });
}
