/**
 * xᵢ = σᵢ·zᵢ + (1 − σᵢ)·mᵢ, with σ = sigmoid s and s, m functions of z₁…ᵢ₋₁: for fast draws.
 *
 * Kingma et al., "Improving variational inference with inverse autoregressive flow",
 * arXiv:1606.04934, algorithm 1, with the masks of Germain et al., "MADE", arXiv:1502.03509.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { requirePositiveInteger, requireWidths } from "../../core/errors.ts";
import type { Flow } from "../../core/flow.ts";
import { bounded } from "./_affine.ts";
import { autoregressive } from "./_autoregressive.ts";

/** Options of {@linkcode inverseAutoregressive}. */
export interface InverseAutoregressiveOptions {
  /**
   * The number of layers, each of which counts the elements in the opposite order of the last.
   * @default 2
   */
  readonly layers?: number;
  /**
   * The width of each hidden layer of their networks.
   * @default [64]
   */
  readonly hidden?: readonly number[];
}

/** Where s starts: a layer keeps most of what it is given. */
const OPEN = 2;

/** How far s may move from there, so that a layer can be inverted in float32. */
const LARGEST_MOVE = 4;

/**
 * An inverse autoregressive flow. Forwards, for a draw and its own density, it takes one pass
 * through each network; its inverse, for the density of any other value, takes K of them. The
 * other way round is {@linkcode maskedAutoregressive}.
 *
 * @param options The number of layers, and the widths of their networks.
 * @throws {RangeError} If the number of layers or a width is not a positive integer.
 * @throws {TypeError} If the widths are no list.
 *
 * @example
 * ```ts
 * import { flows } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { options } = flows.inverseAutoregressive({ layers: 4 });
 * assert.deepEqual(options, { layers: 4, hidden: [64] });
 * ```
 */
export function inverseAutoregressive(
  { layers = 2, hidden = [64] }: InverseAutoregressiveOptions = {},
): Flow {
  requirePositiveInteger("build flow", "layers", layers);
  requireWidths("build flow", "hidden", hidden);
  return {
    kind: "flow",
    name: "inverseAutoregressive",
    options: { layers, hidden },
    build: autoregressive({
      layers,
      hidden,
      outputs: ["rawGate", "mean"],
      affine: ({ rawGate, mean }) => {
        const closed = tf.neg(tf.add(bounded(rawGate!, LARGEST_MOVE), OPEN)); // −s
        return {
          logScale: tf.neg(tf.softplus(closed)), // log σ
          shift: tf.mul(tf.sigmoid(closed), mean!), // (1 − σ)·m
        };
      },
      known: "before",
    }),
  };
}
