/**
 * log p(x) = Σ x·ℓ − log(1 + eˡ) over the event, with logits ℓ.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { sumOverEvent } from "../distribution.ts";
import { sameShape, type Shape, type Tensor } from "../types.ts";
import { launch, operation } from "./operation.ts";

type BernoulliInputs = { readonly logits: Tensor; readonly x: Tensor };

const run = operation<BernoulliInputs, { readonly event: Shape }, Tensor>({
  name: "ElboBernoulliLogProb",
  define: ({ logits, x }, { event }) =>
    sumOverEvent(tf.sub(tf.mul(x, logits), tf.softplus(logits)), event),
  fits: ({ logits, x }) =>
    sameShape(x.shape, [1, ...logits.shape]) || sameShape(x.shape, logits.shape),
  saves: { inputs: ["logits", "x"] },
  gradient: (upstream, { logits, x }, { event }) => ({
    logits: () => launch<Tensor>("ElboBernoulliLogProbGradient", { logits, x, upstream }),
    x: () => {
      const rows = tf.reshape(upstream, [...upstream.shape, ...event.map(() => 1)]);
      return tf.mul(rows, tf.reshape(logits, x.shape));
    },
  }),
});

/**
 * The log-probability of binary data given their logits.
 *
 * @param logits ℓ `[B, …event]`.
 * @param x The values `[S or 1, B, …event]`.
 * @param event The shape of one event.
 * @returns log p(x) `[S, B]`, in nats.
 */
export function bernoulliLogProb(logits: Tensor, x: Tensor, event: Shape): Tensor {
  return run({ logits, x }, { event });
}
