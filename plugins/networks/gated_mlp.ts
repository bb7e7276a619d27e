/**
 * A multilayer perceptron of gated layers: h = (W·x + b) ⊙ σ(V·x + c).
 *
 * Dauphin, Fan, Auli and Grangier, "Language modeling with gated convolutional networks",
 * arXiv:1612.08083, section 2; as the networks of a variational autoencoder in Tomczak and Welling,
 * "VAE with a VampPrior", arXiv:1705.07120.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { requireWidths } from "../../core/errors.ts";
import type { AnyNetwork } from "../../core/network.ts";
import type { Scope } from "../../core/scope.ts";
import { sizeOf, type Tensor } from "../../core/types.ts";
import { denseHeads, denseLayer, hiddenLayers } from "./_dense.ts";

/** Options of {@linkcode gatedMlp}. */
export interface GatedMlpOptions {
  /**
   * The width of each hidden layer.
   * @default [300, 300]
   */
  readonly hidden?: readonly number[];
}

/** A linear layer `[B, inputs]` → `[B, outputs]`, each output behind a gate between 0 and 1. */
function gatedLayer(scope: Scope, inputs: number, outputs: number): (x: Tensor) => Tensor {
  const linear = denseLayer(scope.child("linear"), inputs, outputs);
  const gate = denseLayer(scope.child("gate"), inputs, outputs);
  return (x) => tf.mul(linear(x), tf.sigmoid(gate(x)));
}

/**
 * A multilayer perceptron for encoder or decoder whose hidden layers have gates in place of an
 * activation, so that a linear path goes all the way through. It is built for whatever heads are
 * asked of it. A condition, where the model has one, is put beside the input.
 *
 * @param options Widths of the hidden layers, each of which has twice the weights of a dense one.
 * @throws {RangeError} If a width is not a positive integer.
 * @throws {TypeError} If the widths are no list, or a condition is missing when the network runs.
 *
 * @example
 * ```ts
 * import { networks } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(networks.gatedMlp().options, { hidden: [300, 300] });
 * assert.throws(() => networks.gatedMlp({ hidden: [0] }), /'hidden' must be a positive integer/);
 * ```
 */
export function gatedMlp({ hidden = [300, 300] }: GatedMlpOptions = {}): AnyNetwork {
  requireWidths("build network", "hidden", hidden);
  return {
    kind: "network",
    name: "gatedMlp",
    options: { hidden },
    build: (scope, { input, heads }) => {
      const inputs = sizeOf(input);
      const given = { network: "gatedMlp", inputs, hidden, layer: gatedLayer } as const;
      const features = hiddenLayers(scope, given);
      const toHeads = denseHeads(scope, features.outputs, heads);
      return (x, context) => toHeads(features.run(x, context));
    },
  };
}
