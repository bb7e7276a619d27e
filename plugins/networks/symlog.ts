/**
 * A network that reads sign(x) · log(1 + |x|): for counts and other inputs that span orders of
 * magnitude.
 *
 * The logarithm of counts is that of Lopez et al., "Deep generative modeling for single-cell
 * transcriptomics", Nature Methods 15, 2018; it goes on below 0 as in Hafner et al., "Mastering
 * diverse domains through world models", arXiv:2301.04104.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import type { AnyNetwork } from "../../core/network.ts";
import { requirePlugin } from "../../core/plugin.ts";
import type { Tensor } from "../../core/types.ts";

/** Options of {@linkcode symlog}. */
export interface SymlogOptions {
  /** The network that is given the logarithms. */
  readonly network: AnyNetwork;
}

/** sign(x) · log(1 + |x|), with a slope of 1 at 0: there the maximum passes a gradient, relu none. */
function signedLogarithm(x: Tensor): Tensor {
  const above = tf.maximum(x, 0), below = tf.relu(tf.neg(x));
  return tf.sub(tf.log(tf.add(above, 1)), tf.log(tf.add(below, 1)));
}

/**
 * Wraps a network so that it reads sign(x) · log(1 + |x|) of its inputs, which is log(1 + x) of
 * counts. Its weights are those of the network that it wraps; a condition is handed on as it is.
 *
 * @param options The network.
 * @throws {TypeError} If there is no network.
 *
 * @example
 * ```ts
 * import { networks } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const encoder = networks.symlog({ network: networks.mlp({ hidden: [128] }) });
 * assert.equal(encoder.name, "symlog");
 * ```
 */
export function symlog({ network }: SymlogOptions): AnyNetwork {
  requirePlugin("build network", "network", "network", network);
  return {
    kind: "network",
    name: "symlog",
    options: { network },
    build: (scope, shapes) => {
      const run = network.build(scope, shapes);
      return (x, context) => run(signedLogarithm(x), context);
    },
  };
}
