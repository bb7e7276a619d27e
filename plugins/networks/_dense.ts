/**
 * Dense layers as networks use them: with weights from a scope, and one for every head.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { glorotUniform, zeros } from "../../core/initializers.ts";
import type { Activation } from "../../core/operations/activation.ts";
import { dense } from "../../core/operations/dense.ts";
import type { Scope } from "../../core/scope.ts";
import { type Heads, type Outputs, type Shape, sizeOf, type Tensor } from "../../core/types.ts";

/** A dense layer `[B, inputs]` → `[B, outputs]` with a Glorot kernel and a bias of zeros. */
export function denseLayer(
  scope: Scope,
  inputs: number,
  outputs: number,
  activation: Activation = "linear",
): (x: Tensor) => Tensor {
  const kernel = scope.weight("kernel", [inputs, outputs], glorotUniform);
  const bias = scope.weight("bias", [outputs], zeros);
  return (x) => dense(x, { kernel: kernel(), bias: bias(), activation });
}

/** One linear layer for every head: features `[B, inputs]` → `[B, …head]` each. */
export function denseHeads<H extends Heads>(
  scope: Scope,
  inputs: number,
  heads: H,
): (features: Tensor) => Outputs<H> {
  const layers = Object.entries<Shape>(heads).map(
    ([name, shape]) => [name, shape, denseLayer(scope.child(name), inputs, sizeOf(shape))] as const,
  );
  return (features) =>
    Object.fromEntries(
      layers.map(([name, shape, layer]) => [name, tf.reshape(layer(features), [-1, ...shape])]),
    ) as Outputs<H>;
}
