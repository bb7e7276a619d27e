/**
 * Bias and activation over the last axis: activation(x + b), as after a convolution.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { sameShape, type Tensor } from "../types.ts";
import { type Activation, activations, fused, type FusedActivation } from "./activation.ts";
import { launch, operation } from "./operation.ts";

/** The gradients by what came before bias and activation, and by the bias. */
export interface BiasGradients {
  /** By x, of its shape. */
  readonly dx: Tensor;
  /** By the bias. */
  readonly dbias: Tensor;
}

/** Whether the way back through bias and activation reads what came out. */
export const readsAnswer = ({ activation }: { readonly activation: FusedActivation }): boolean =>
  activation !== "linear";

/** The way back through bias and activation, on a backend that has a kernel for it. */
export function addBiasGradient(
  upstream: Tensor,
  answer: Tensor,
  activation: FusedActivation,
): BiasGradients {
  const gradients = launch<Tensor | readonly Tensor[]>(
    "ElboAddBiasGradient",
    readsAnswer({ activation }) ? { upstream, answer } : { upstream },
    { activation },
  );
  // One answer comes without its list.
  const [dbias, dx = upstream] = Array.isArray(gradients) ? gradients : [gradients];
  return { dx, dbias };
}

type AddBiasInputs = { readonly x: Tensor; readonly bias: Tensor };

const run = operation<AddBiasInputs, { readonly activation: FusedActivation }, Tensor>({
  name: "ElboAddBias",
  define: ({ x, bias }, { activation }) => activations[activation](tf.add(x, bias)),
  fits: ({ x, bias }) => x.rank > 0 && sameShape(bias.shape, x.shape.slice(-1)),
  saves: { inputs: [], answer: readsAnswer },
  gradient: (upstream, { answer }, { activation }) => {
    const { dx, dbias } = addBiasGradient(upstream, answer, activation);
    // TensorFlow.js lets go of what it is given, and the upstream gradient is not ours to give.
    return { x: () => dx === upstream ? tf.clone(dx) : dx, bias: () => dbias };
  },
});

/** What is added, and what follows. */
export interface AddBiasParameters {
  /** b `[C]`. */
  readonly bias: Tensor;
  /** What follows: `"linear"` unless told. */
  readonly activation?: Activation;
}

/**
 * activation(x + b) over the last axis.
 *
 * @param x The input `[…, C]`.
 * @param parameters The bias and the activation.
 * @returns The output `[…, C]`.
 *
 * @example
 * ```ts
 * import { addBias } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const y = addBias(tf.zeros([1, 2]), { bias: tf.tensor1d([-1, 1]), activation: "relu" });
 *   assert.deepEqual(y.arraySync(), [[0, 1]]);
 * });
 * ```
 */
export function addBias(x: Tensor, { bias, activation = "linear" }: AddBiasParameters): Tensor {
  return fused(activation, (activation) => run({ x, bias }, { activation }));
}
