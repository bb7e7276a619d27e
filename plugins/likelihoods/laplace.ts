/**
 * p(x|z) = ∏ Laplace(x | μ(z), b), for data on the real line: its absolute errors weigh less than
 * the squared ones of a normal where they are large.
 *
 * b is a number, or one weight that the model learns, or another output of the decoder.
 *
 * @module
 */
import type { Likelihood } from "../../core/likelihood.ts";
import type { Outputs, Shape } from "../../core/types.ts";
import { type Laplace, laplace as laplaceDistribution } from "../distributions/laplace.ts";
import { buildScale, requireScale, scaleHeads, type ScaleOutputs } from "./_scale.ts";

/** What a scale that is not an output of the decoder leaves for the decoder to say. */
export type LaplaceHeads = {
  /** μ `[…D]`. */
  readonly location: Shape;
};

/** What the decoder says when the scale is an output of its own. */
export type LaplacePerOutputHeads = {
  /** μ `[…D]`. */
  readonly location: Shape;
  /** b before the softplus `[…D]`. */
  readonly rawScale: Shape;
};

/** Options of {@linkcode laplace} with one scale for all outputs. */
export interface LaplaceOptions {
  /**
   * A number, or `"shared"` for one scale that the model learns.
   * @default "shared"
   */
  readonly scale?: number | "shared";
}

/** Options of {@linkcode laplace} with a scale for every output. */
export interface LaplacePerOutputOptions {
  /** The decoder says b of every output. Constant outputs drive it to 0 and the density up. */
  readonly scale: "perOutput";
}

/**
 * A likelihood for any finite numbers, whose best location is a median:
 * p(x|z) = ∏ Laplace(x | μ(z), b).
 *
 * @param options How the scale is made: `"shared"` unless told.
 * @throws {RangeError} If the scale is a number that is not positive, or an unknown word.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(likelihoods.laplace().heads([784]), { location: [784] });
 * assert.throws(() => likelihoods.laplace({ scale: 0 }), /'scale' must be a positive number/);
 * ```
 */
export function laplace(options?: LaplaceOptions): Likelihood<LaplaceHeads, "real", Laplace>;
/** The same, whose b is another output of the decoder. */
export function laplace(
  options: LaplacePerOutputOptions,
): Likelihood<LaplacePerOutputHeads, "real", Laplace>;
export function laplace(
  { scale = "shared" }: LaplaceOptions | LaplacePerOutputOptions = {},
): Likelihood<LaplaceHeads, "real", Laplace> | Likelihood<LaplacePerOutputHeads, "real", Laplace> {
  requireScale(scale);
  return {
    kind: "likelihood",
    name: "laplace",
    options: { scale },
    support: "real",
    heads: (event) => ({ location: event, ...scaleHeads(scale, event) }),
    build: (scope) => {
      const scaleOf = buildScale(scale, scope);
      return (outputs: Outputs<LaplaceHeads> & ScaleOutputs) =>
        laplaceDistribution({ location: outputs.location, scale: scaleOf(outputs) });
    },
  };
}
