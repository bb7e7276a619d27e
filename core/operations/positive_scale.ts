/**
 * σ = softplus(raw) + 10⁻⁶, positive for every real number.
 *
 * @module
 */
import { tf } from "../deps.ts";
import type { Tensor } from "../types.ts";
import { launch, operation } from "./operation.ts";

/** The smallest scale that a raw scale can mean: (x/σ)² stays finite in float32. */
const SMALLEST_SCALE = 1e-6;

const run = operation<{ readonly raw: Tensor }, { readonly smallest: number }, Tensor>({
  name: "ElboPositiveScale",
  define: ({ raw }, { smallest }) => tf.add(tf.softplus(raw), smallest),
  saves: { inputs: ["raw"] },
  gradient: (upstream, { raw }) => ({
    raw: () => launch<Tensor>("ElboPositiveScaleGradient", { raw, upstream }),
  }),
});

/**
 * σ = softplus(raw) + 10⁻⁶, positive for every real number.
 *
 * @param raw Any numbers `[B, …event]`.
 * @returns σ, of that shape.
 *
 * @example
 * ```ts
 * import { distributions } from "@elbo/elbo";
 * import { tf } from "@elbo/elbo/tf";
 * import assert from "node:assert/strict";
 *
 * tf.tidy(() => {
 *   const [small, large] = distributions.positiveScale(tf.tensor1d([-1000, 1000])).dataSync();
 *   assert(small! > 0 && Math.abs(large! - 1000) < 1e-3);
 * });
 * ```
 */
export function positiveScale(raw: Tensor): Tensor {
  return run({ raw }, { smallest: SMALLEST_SCALE });
}

/**
 * The raw number that means a scale, but for 10⁻⁶: softplus⁻¹(σ) = log(exp σ − 1), for a weight to start at.
 *
 * @param scale A positive number.
 */
export function rawScaleOf(scale: number): number {
  return Math.log(Math.expm1(scale));
}
