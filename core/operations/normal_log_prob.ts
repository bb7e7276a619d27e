/**
 * log p(x) = Σ −½ ((x − μ)/σ)² − log σ − ½ log 2π over the event.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { sumOverEvent } from "../distribution.ts";
import { sameShape, type Shape, type Tensor } from "../types.ts";
import { launch, operation } from "./operation.ts";

/** ½ log 2π. */
export const HALF_LOG_2_PI: number = 0.5 * Math.log(2 * Math.PI);

type NormalInputs = { readonly mean: Tensor; readonly scale: Tensor; readonly x: Tensor };

const run = operation<NormalInputs, { readonly event: Shape }, Tensor>({
  name: "ElboNormalLogProb",
  define: ({ mean, scale, x }, { event }) => {
    const standardized = tf.div(tf.sub(x, mean), scale);
    const constant = tf.add(tf.log(scale), HALF_LOG_2_PI);
    return sumOverEvent(tf.sub(tf.mul(tf.square(standardized), -0.5), constant), event);
  },
  fits: ({ mean, scale, x }) =>
    (sameShape(x.shape, [1, ...mean.shape]) || sameShape(x.shape, mean.shape)) &&
    (sameShape(scale.shape, mean.shape) || scale.size === 1) &&
    mean !== scale, // TensorFlow.js adds up the gradients by one tensor before x asks for dmean.
  saves: { inputs: ["mean", "scale", "x"] },
  gradient: (upstream, { mean, scale, x }) => {
    const [dmean, dscale] = launch<[Tensor, Tensor]>("ElboNormalLogProbGradient", {
      mean,
      scale,
      x,
      upstream,
    });
    return {
      mean: () => dmean,
      scale: () => scale.size === mean.size ? dscale : tf.reshape(tf.sum(dscale), scale.shape),
      x: () => tf.reshape(tf.neg(dmean), x.shape),
    };
  },
});

/**
 * The log-density of normal data.
 *
 * @param parameters μ `[B, …event]`, and σ of that shape or one that broadcasts to it.
 * @param x The values `[S or 1, B, …event]`.
 * @param event The shape of one event.
 * @returns log p(x) `[S, B]`, in nats.
 */
export function normalLogProb(
  parameters: { readonly mean: Tensor; readonly scale: Tensor },
  x: Tensor,
  event: Shape,
): Tensor {
  const { mean, scale } = parameters;
  return run({ mean, scale, x }, { event });
}
