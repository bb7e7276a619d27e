/**
 * The functions that may follow a layer.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";

/** The functions that may follow a layer. */
export type Activation = "linear" | "relu" | "tanh" | "softplus" | "elu" | "silu";

/** The functions that kernels compute together with a layer. */
export type FusedActivation = "linear" | "relu";

/** Every activation by its name. */
export const activations: { readonly [name in Activation]: (x: Tensor) => Tensor } = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  tanh: (x) => tf.tanh(x),
  softplus: (x) => tf.softplus(x),
  elu: (x) => tf.elu(x),
  // Elfwing, Uchibe and Doya, arXiv:1702.03118, eq. 7
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
};

/**
 * A layer and its activation: together where kernels know the activation, one after the other
 * otherwise.
 */
export function fused(
  activation: Activation,
  layer: (activation: FusedActivation) => Tensor,
): Tensor {
  if (activation === "linear" || activation === "relu") return layer(activation);
  return activations[activation](layer("linear"));
}
