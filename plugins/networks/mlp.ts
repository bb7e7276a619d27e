/**
 * A multilayer perceptron: flatten, some dense layers, one linear layer for every head.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { outOfRange, requirePositiveInteger, wrongType } from "../../core/errors.ts";
import type { AnyNetwork } from "../../core/network.ts";
import { type Activation, activations } from "../../core/operations/activation.ts";
import { sizeOf, type Tensor } from "../../core/types.ts";
import { denseHeads, denseLayer } from "./_dense.ts";

/** Options of {@linkcode mlp}. */
export interface MlpOptions {
  /**
   * The width of each hidden layer.
   * @default [400]
   */
  readonly hidden?: readonly number[];
  /**
   * What follows each hidden layer.
   * @default "relu"
   */
  readonly activation?: Activation;
}

/**
 * A multilayer perceptron for encoder or decoder, built for whatever heads are asked of it. A
 * condition, where the model has one, is put beside the input.
 *
 * @param options Widths and activation of the hidden layers.
 * @throws {RangeError} If a width is not a positive integer, or the activation unknown.
 * @throws {TypeError} If the widths are no list, or a condition is missing when the network runs.
 *
 * @example
 * ```ts
 * import { networks } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(networks.mlp().options, { hidden: [400], activation: "relu" });
 * assert.throws(() => networks.mlp({ hidden: [0] }), /'hidden' must be a positive integer/);
 * ```
 */
export function mlp({ hidden = [400], activation = "relu" }: MlpOptions = {}): AnyNetwork {
  if (!Array.isArray(hidden)) {
    throw wrongType("build network", "'hidden' must be a list of widths", hidden);
  }
  hidden.forEach((width) => requirePositiveInteger("build network", "hidden", width));
  if (!Object.hasOwn(activations, activation)) {
    const known = Object.keys(activations).join(", ");
    throw outOfRange("build network", `'activation' must be one of ${known}`, activation);
  }
  return {
    kind: "network",
    name: "mlp",
    options: { hidden, activation },
    build: (scope, { input, heads }) => {
      const inputs = sizeOf(input) + (scope.condition ? sizeOf(scope.condition) : 0);
      const layers = hidden.map((width, i) =>
        denseLayer(scope.child(`hidden${i}`), hidden[i - 1] ?? inputs, width, activation)
      );
      const toHeads = denseHeads(scope, hidden.at(-1) ?? inputs, heads);
      const flatten = (x: Tensor): Tensor => tf.reshape(x, [x.shape[0]!, -1]);
      return (x, { condition }) => {
        if (scope.condition !== undefined && condition === undefined) {
          throw wrongType("run network 'mlp'", "there must be a condition", "missing");
        }
        const features = condition === undefined
          ? flatten(x)
          : tf.concat([flatten(x), flatten(condition)], 1);
        return toHeads(layers.reduce((features, layer) => layer(features), features));
      };
    },
  };
}
