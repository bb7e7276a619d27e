/**
 * A multilayer perceptron: flatten, some dense layers, one linear layer for every head.
 *
 * @module
 */
import { requireWidths } from "../../core/errors.ts";
import type { AnyNetwork } from "../../core/network.ts";
import type { Activation } from "../../core/operations/activation.ts";
import { sizeOf } from "../../core/types.ts";
import { denseHeads, hiddenLayers } from "./_dense.ts";
import { requireActivation } from "./_options.ts";

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
  requireWidths("build network", "hidden", hidden);
  requireActivation(activation);
  return {
    kind: "network",
    name: "mlp",
    options: { hidden, activation },
    build: (scope, { input, heads }) => {
      const inputs = sizeOf(input);
      const features = hiddenLayers(scope, { network: "mlp", inputs, hidden, layer: activation });
      const toHeads = denseHeads(scope, features.outputs, heads);
      return (x, context) => toHeads(features.run(x, context));
    },
  };
}
