/**
 * Dense layers as networks use them: with weights from a scope, some hidden ones beside which the
 * condition is put, and one for every head.
 *
 * @module
 */
import type { Context } from "../../core/context.ts";
import { tf } from "../../core/deps.ts";
import { wrongType } from "../../core/errors.ts";
import { glorotUniform, zeros } from "../../core/initializers.ts";
import type { Activation } from "../../core/operations/activation.ts";
import { dense } from "../../core/operations/dense.ts";
import { inShape } from "../../core/operations/in_shape.ts";
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

/** Makes one layer `[B, inputs]` → `[B, outputs]`. */
export type MakeLayer = (scope: Scope, inputs: number, outputs: number) => (x: Tensor) => Tensor;

/** What hidden layers are made of. */
export interface HiddenParameters {
  /** The name of the network, for errors. */
  readonly network: string;
  /** The size of one input, without the condition. */
  readonly inputs: number;
  /** The width of each layer. */
  readonly hidden: readonly number[];
  /** What follows each dense layer, or how each layer is made. */
  readonly layer: Activation | MakeLayer;
}

/** Hidden layers that were built. */
export interface HiddenLayers {
  /** How many features they give. */
  readonly outputs: number;
  /** `[B, …]` → `[B, outputs]`. */
  readonly run: (x: Tensor, context: Context) => Tensor;
}

/** Flattens an input, puts the condition beside it where there is one, and runs some layers. */
export function hiddenLayers(
  scope: Scope,
  { network, inputs, hidden, layer }: HiddenParameters,
): HiddenLayers {
  const make: MakeLayer = typeof layer === "function"
    ? layer
    : (...place) => denseLayer(...place, layer);
  const beside = inputs + (scope.condition ? sizeOf(scope.condition) : 0);
  const layers = hidden.map((width, i) =>
    make(scope.child(`hidden${i}`), hidden[i - 1] ?? beside, width)
  );
  const flatten = (x: Tensor): Tensor => inShape(x, [x.shape[0]!, -1]);
  return {
    outputs: hidden.at(-1) ?? beside,
    run: (x, { condition }) => {
      if (scope.condition !== undefined && condition === undefined) {
        throw wrongType(`run network '${network}'`, "there must be a condition", "missing");
      }
      const features = condition === undefined
        ? flatten(x)
        : tf.concat([flatten(x), flatten(condition)], 1);
      return layers.reduce((features, layer) => layer(features), features);
    },
  };
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
      layers.map(([name, shape, layer]) => [name, inShape(layer(features), [-1, ...shape])]),
    ) as Outputs<H>;
}
