/**
 * xᵢ = zᵢ·exp αᵢ(x₁…ᵢ₋₁) + μᵢ(x₁…ᵢ₋₁), for fast densities.
 *
 * Papamakarios, Pavlakou and Murray, "Masked autoregressive flow for density estimation",
 * arXiv:1705.07057, §3.1, with the masks of Germain et al., "MADE", arXiv:1502.03509.
 *
 * @module
 */
import { requirePositiveInteger, requireWidths } from "../../core/errors.ts";
import type { Flow } from "../../core/flow.ts";
import { bounded, LARGEST_LOG_SCALE } from "./_affine.ts";
import { autoregressive } from "./_autoregressive.ts";

/** Options of {@linkcode maskedAutoregressive}. */
export interface MaskedAutoregressiveOptions {
  /**
   * The number of layers, each of which counts the elements in the opposite order of the last.
   * @default 5
   */
  readonly layers?: number;
  /**
   * The width of each hidden layer of their networks.
   * @default [64]
   */
  readonly hidden?: readonly number[];
}

/**
 * A masked autoregressive flow. Its inverse, and so the density of a value, takes one pass through
 * each network; forwards, for a draw, it takes K of them. The other way round is
 * {@linkcode inverseAutoregressive}. Each layer stretches by e⁻³ to e³; they start as the identity.
 *
 * @param options The number of layers, and the widths of their networks.
 * @throws {RangeError} If the number of layers or a width is not a positive integer.
 * @throws {TypeError} If the widths are no list.
 *
 * @example
 * ```ts
 * import { flows, priors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const prior = priors.flow({ flow: flows.maskedAutoregressive({ layers: 3 }) });
 * assert.equal(prior.name, "flow");
 * ```
 */
export function maskedAutoregressive(
  { layers = 5, hidden = [64] }: MaskedAutoregressiveOptions = {},
): Flow {
  requirePositiveInteger("build flow", "layers", layers);
  requireWidths("build flow", "hidden", hidden);
  return {
    kind: "flow",
    name: "maskedAutoregressive",
    options: { layers, hidden },
    build: autoregressive({
      layers,
      hidden,
      outputs: ["rawLogScale", "shift"],
      affine: ({ rawLogScale, shift }) => ({
        logScale: bounded(rawLogScale!, LARGEST_LOG_SCALE),
        shift: shift!,
      }),
      known: "after",
    }),
  };
}
