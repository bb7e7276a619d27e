/**
 * p(x|z) = ∏ N(x | μ(z), σ²), for data on the real line.
 *
 * σ is a number, or one weight that the model learns ("σ-VAE": Rybkin, Daniilidis and Levine,
 * "Simple and effective VAE training with calibrated decoders", arXiv:2006.13202, §3), or another
 * output of the decoder.
 *
 * @module
 */
import type { Likelihood } from "../../core/likelihood.ts";
import type { Outputs, Shape } from "../../core/types.ts";
import { type Normal, normal as normalDistribution } from "../distributions/normal.ts";
import { buildScale, requireScale, scaleHeads, type ScaleOutputs } from "./_scale.ts";

/** What a scale that is not an output of the decoder leaves for the decoder to say. */
export type NormalHeads = {
  /** μ `[…D]`. */
  readonly mean: Shape;
};

/** What the decoder says when the scale is an output of its own. */
export type NormalPerOutputHeads = {
  /** μ `[…D]`. */
  readonly mean: Shape;
  /** σ before the softplus `[…D]`. */
  readonly rawScale: Shape;
};

/** Options of {@linkcode normal} with one scale for all outputs. */
export interface NormalOptions {
  /**
   * A number, or `"shared"` for one scale that the model learns.
   * @default "shared"
   */
  readonly scale?: number | "shared";
}

/** Options of {@linkcode normal} with a scale for every output. */
export interface NormalPerOutputOptions {
  /** The decoder says σ of every output. Constant outputs drive it to 0 and the density up. */
  readonly scale: "perOutput";
}

/**
 * A likelihood for any finite numbers.
 *
 * @param options How the scale is made: `"shared"` unless told.
 * @throws {RangeError} If the scale is a number that is not positive, or an unknown word.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(likelihoods.normal().heads([784]), { mean: [784] });
 * assert.throws(() => likelihoods.normal({ scale: 0 }), /'scale' must be a positive number/);
 * ```
 */
export function normal(options?: NormalOptions): Likelihood<NormalHeads, "real", Normal>;
/** A likelihood for any finite numbers, whose scale is another output of the decoder. */
export function normal(
  options: NormalPerOutputOptions,
): Likelihood<NormalPerOutputHeads, "real", Normal>;
export function normal(
  { scale = "shared" }: NormalOptions | NormalPerOutputOptions = {},
): Likelihood<NormalHeads, "real", Normal> | Likelihood<NormalPerOutputHeads, "real", Normal> {
  requireScale(scale);
  return {
    kind: "likelihood",
    name: "normal",
    options: { scale },
    support: "real",
    heads: (event) => ({ mean: event, ...scaleHeads(scale, event) }),
    build: (scope) => {
      const scaleOf = buildScale(scale, scope);
      return (outputs: Outputs<NormalHeads> & ScaleOutputs) =>
        normalDistribution({ mean: outputs.mean, scale: scaleOf(outputs) });
    },
  };
}
