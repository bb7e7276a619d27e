/**
 * q(z|x): a diagonal normal, through an inverse autoregressive flow that knows of x.
 *
 * log q(z|x) = log N(y | μ(x), σ²(x)) − log |det ∂T(y, h(x))/∂y|, with z = T(y, h(x))
 * Kingma et al., "Improving variational inference with inverse autoregressive flow",
 * arXiv:1606.04934, algorithm 1.
 *
 * @module
 */
import { requirePositiveInteger } from "../../core/errors.ts";
import type { Posterior } from "../../core/posterior.ts";
import type { Shape } from "../../core/types.ts";
import { type Normal, normal } from "../distributions/normal.ts";
import { type Transformed, transformed } from "../distributions/transformed.ts";
import { inverseAutoregressive } from "../flows/inverse_autoregressive.ts";

/** What the inverse autoregressive flow wants from the encoder. */
export type InverseAutoregressiveFlowHeads = {
  /** μ `[…K]`. */
  readonly mean: Shape;
  /** σ before the softplus `[…K]`. */
  readonly rawScale: Shape;
  /** h, what the flow knows of x. */
  readonly context: Shape;
};

/** Options of {@linkcode inverseAutoregressiveFlow}. */
export interface InverseAutoregressiveFlowOptions {
  /**
   * The number of layers, each of which counts the latents in the opposite order of the last.
   * @default 2
   */
  readonly layers?: number;
  /**
   * The width of each hidden layer of their networks.
   * @default [64]
   */
  readonly hidden?: readonly number[];
  /**
   * The size of h.
   * @default 16
   */
  readonly context?: number;
}

/**
 * A diagonal normal that goes through an inverse autoregressive flow (IAF): a posterior whose latents
 * may depend on each other, and need not be normal.
 *
 * A draw and its own density, all that training and importance weights take, cost one pass through
 * each layer. The density of any other value is exact as well, but goes backwards through the flow,
 * one latent after the other: K passes. Its KL has no closed form and is taken from the draws.
 *
 * @param options The layers, the widths of their networks, and the size of h.
 * @throws {RangeError} If the number of layers, a width or the size is not a positive integer.
 * @throws {TypeError} If the widths are no list.
 *
 * @example
 * ```ts
 * import { posteriors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const posterior = posteriors.inverseAutoregressiveFlow({ layers: 4, context: 32 });
 * assert.deepEqual(posterior.heads([20]), { mean: [20], rawScale: [20], context: [32] });
 * ```
 */
export function inverseAutoregressiveFlow(
  { layers = 2, hidden = [64], context = 16 }: InverseAutoregressiveFlowOptions = {},
): Posterior<InverseAutoregressiveFlowHeads, Transformed<Normal>> {
  requirePositiveInteger("build posterior", "context", context);
  const flow = inverseAutoregressive({ layers, hidden });
  return {
    kind: "posterior",
    name: "inverseAutoregressiveFlow",
    options: { layers, hidden, context },
    heads: (latent) => ({ mean: latent, rawScale: latent, context: [context] }),
    build: (scope) => {
      const within = scope.child("flow", { condition: [context] });
      const mapOf = flow.build(within, { event: scope.latent });
      return ({ mean, rawScale, context: condition }, context) =>
        transformed({
          base: normal({ mean, rawScale }),
          map: mapOf({ ...context, condition }),
        });
    },
  };
}
