/**
 * p(x|z) = ∏ N(x | μ(z), σ²), for data on the real line.
 *
 * σ is a number, or another output of the decoder, or one for all outputs ("σ-VAE": Rybkin,
 * Daniilidis and Levine, "Simple and effective VAE training with calibrated decoders",
 * arXiv:2006.13202, §3): a weight that the model learns, or the best one for every batch,
 * σ² = the mean of (x − μ(z))².
 *
 * @module
 */
import type { Likelihood } from "../../core/likelihood.ts";
import { constant } from "../../core/initializers.ts";
import type { Outputs, Shape } from "../../core/types.ts";
import { type Normal, normal as normalDistribution } from "../distributions/normal.ts";
import { withOptimalScale } from "./_optimal_scale.ts";
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
   * A number, or `"shared"` for one scale that the model learns, or `"optimal"` for the one that
   * suits a training batch best, which needs no learning rate.
   *
   * With `"optimal"` the rows and the bound of a training step are those of a model with the σ of
   * that batch. A running mean of σ² over training steps is kept, and is what the density has
   * wherever the model is not trained: in evaluation, validation, log p(x) and samples.
   * @default "shared"
   */
  readonly scale?: number | "shared" | "optimal";
}

/** Options of {@linkcode normal} with a scale for every output. */
export interface NormalPerOutputOptions {
  /** The decoder says σ of every output. Constant outputs drive it to 0 and the density up. */
  readonly scale: "perOutput";
}

/** That of a scale of ½: data between 0 and 1 are told apart from the first step on. */
const FIRST_VARIANCE = 0.25;

/**
 * A likelihood for any finite numbers: p(x|z) = ∏ N(x | μ(z), σ²). Its σ is given, or one weight that
 * the model learns, or the best one for every batch.
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
/** The same, whose σ is another output of the decoder. */
export function normal(
  options: NormalPerOutputOptions,
): Likelihood<NormalPerOutputHeads, "real", Normal>;
export function normal(
  { scale = "shared" }: NormalOptions | NormalPerOutputOptions = {},
): Likelihood<NormalHeads, "real", Normal> | Likelihood<NormalPerOutputHeads, "real", Normal> {
  requireScale(scale, ["shared", "optimal", "perOutput"]);
  return {
    kind: "likelihood",
    name: "normal",
    options: { scale },
    support: "real",
    heads: (event) => ({ mean: event, ...scaleHeads(scale, event) }),
    build: (scope) => {
      if (scale === "optimal") {
        const kept = scope.buffer("variance", [], constant(FIRST_VARIANCE));
        return ({ mean }: Outputs<NormalHeads>, context) => withOptimalScale(mean, kept, context);
      }
      const scaleOf = buildScale(scale, scope);
      return (outputs: Outputs<NormalHeads> & ScaleOutputs) =>
        normalDistribution({ mean: outputs.mean, scale: scaleOf(outputs) });
    },
  };
}
