/**
 * A dense layer: activation(x·W + b).
 *
 * @module
 */
import { tf } from "../deps.ts";
import { sameShape, type Tensor } from "../types.ts";
import { type Activation, activations, fused, type FusedActivation } from "./activation.ts";
import { readsAnswer } from "./add_bias.ts";
import { launch, operation } from "./operation.ts";

/** What a dense layer is made of. */
export interface DenseParameters {
  /** W `[inputs, outputs]`. */
  readonly kernel: Tensor;
  /** b `[outputs]`. */
  readonly bias: Tensor;
  /** What follows: `"linear"` unless told. */
  readonly activation?: Activation;
}

type DenseInputs = { readonly x: Tensor; readonly kernel: Tensor; readonly bias: Tensor };

const run = operation<DenseInputs, { readonly activation: FusedActivation }, Tensor>({
  name: "ElboDense",
  define: ({ x, kernel, bias }, { activation }) =>
    activations[activation](tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias)),
  fits: ({ x, kernel, bias }) =>
    x.rank === 2 && kernel.rank === 2 && x.shape[1] === kernel.shape[0] &&
    sameShape(bias.shape, kernel.shape.slice(1)),
  saves: { inputs: ["x", "kernel"], answer: readsAnswer },
  gradient: (upstream, { x, kernel, answer }, { activation }) => {
    // The gradient by xW + b is the upstream one where nothing follows.
    const [dkernel, dbias, dproduct = upstream] = launch<readonly [Tensor, Tensor, Tensor?]>(
      "ElboDenseGradient",
      readsAnswer({ activation }) ? { upstream, x, answer } : { upstream, x },
      { activation },
    );
    return {
      x: () => tf.matMul(dproduct as tf.Tensor2D, kernel as tf.Tensor2D, false, true),
      kernel: () => dkernel,
      bias: () => dbias,
    };
  },
});

/**
 * activation(x·W + b).
 *
 * @param x The input `[B, inputs]`.
 * @param parameters The kernel, the bias and the activation.
 * @returns The output `[B, outputs]`.
 *
 * @example
 * ```ts
 * import { dense } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const kernel = tf.tensor2d([[1], [2]]), bias = tf.tensor1d([-4]);
 *   const y = dense(tf.tensor2d([[1, 1], [3, 3]]), { kernel, bias, activation: "relu" });
 *   assert.deepEqual(y.arraySync(), [[0], [5]]);
 * });
 * ```
 */
export function dense(x: Tensor, { kernel, bias, activation = "linear" }: DenseParameters): Tensor {
  return fused(activation, (activation) => run({ x, kernel, bias }, { activation }));
}
