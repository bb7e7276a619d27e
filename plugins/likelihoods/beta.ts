/**
 * p(x|z) = ∏ Beta(x | m(z) ν, (1 − m(z)) ν), for numbers between 0 and 1 such as rates and shares.
 *
 * m is the mean and ν = α + β the concentration, by which the variance is m (1 − m)/(ν + 1), as in
 * beta regression: Ferrari and Cribari-Neto, "Beta regression for modelling rates and proportions",
 * 2004. ν is a number, or one weight that the model learns, or another output of the decoder.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { outOfRange, requireNumber } from "../../core/errors.ts";
import { constant } from "../../core/initializers.ts";
import type { Likelihood } from "../../core/likelihood.ts";
import { positiveScale, rawScaleOf } from "../../core/operations/positive_scale.ts";
import type { Scope } from "../../core/scope.ts";
import type { Outputs, Shape, Tensor } from "../../core/types.ts";
import { type Beta, beta as betaDistribution } from "../distributions/beta.ts";

/** What a concentration that is not an output of the decoder leaves for the decoder to say. */
export type BetaHeads = {
  /** log (m / (1 − m)) `[…D]`. */
  readonly logits: Shape;
};

/** What the decoder says when the concentration is an output of its own. */
export type BetaPerOutputHeads = {
  /** log (m / (1 − m)) `[…D]`. */
  readonly logits: Shape;
  /** ν before the softplus `[…D]`. */
  readonly rawConcentration: Shape;
};

/** Options of {@linkcode beta} with one concentration for all outputs. */
export interface BetaOptions {
  /**
   * A number, or `"shared"` for one concentration that the model learns, from 2 on.
   * @default "shared"
   */
  readonly concentration?: number | "shared";
  /**
   * Data nearer to 0 or to 1 than this are scored as if they were that far away, as the density may
   * be infinite there. Half a grey level, 1/512, suits pictures of 8 bits.
   * @default 1e-6
   */
  readonly epsilon?: number;
}

/** Options of {@linkcode beta} with a concentration for every output. */
export interface BetaPerOutputOptions extends Pick<BetaOptions, "epsilon"> {
  /** The decoder says ν of every output. Constant outputs drive it and the density up. */
  readonly concentration: "perOutput";
}

/** That of ν = 2, with which the distribution is uniform where m = ½. */
const FIRST_RAW_CONCENTRATION = rawScaleOf(2);

/** What α and β are at least, so that log Γ stays finite. */
const SMALLEST = 1e-6;

/**
 * A likelihood for numbers between 0 and 1. It is a density on the open interval; exact zeros and
 * ones in the data are taken for ε and 1 − ε. Where data have many of them, `continuousBernoulli`
 * does without an ε.
 *
 * @param options How the concentration is made, `"shared"` unless told, and ε.
 * @throws {RangeError} If the concentration is a number that is not positive or an unknown word, or
 * if ε is not a number above 0 and below ½.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(likelihoods.beta().heads([784]), { logits: [784] });
 * assert.throws(() => likelihoods.beta({ epsilon: 0 }), /'epsilon' must be a number above 0/);
 * ```
 */
export function beta(options?: BetaOptions): Likelihood<BetaHeads, "unit", Beta>;
/** A likelihood for numbers between 0 and 1, whose concentration is another output of the decoder. */
export function beta(options: BetaPerOutputOptions): Likelihood<BetaPerOutputHeads, "unit", Beta>;
export function beta(
  { concentration = "shared", epsilon = 1e-6 }: BetaOptions | BetaPerOutputOptions = {},
): Likelihood<BetaHeads, "unit", Beta> | Likelihood<BetaPerOutputHeads, "unit", Beta> {
  requireConcentration(concentration);
  if (typeof epsilon !== "number" || !(epsilon > 0 && epsilon < 0.5)) {
    throw outOfRange("build likelihood", "'epsilon' must be a number above 0 and below ½", epsilon);
  }
  const perOutput = concentration === "perOutput";
  return {
    kind: "likelihood",
    name: "beta",
    options: { concentration, epsilon },
    support: "unit",
    heads: (event) => ({ logits: event, ...(perOutput ? { rawConcentration: event } : {}) }),
    build: (scope) => {
      const concentrationOf = buildConcentration(concentration, scope);
      return (outputs: Outputs<BetaHeads> & ConcentrationOutputs) => {
        const { logits } = outputs, total = concentrationOf(outputs);
        const share = (logits: Tensor): Tensor =>
          tf.add(tf.mul(tf.sigmoid(logits), total), SMALLEST);
        return betaDistribution({
          concentration1: share(logits),
          concentration0: share(tf.neg(logits)),
          epsilon,
        });
      };
    },
  };
}

/** What the decoder says of ν, where it has one for every output. */
type ConcentrationOutputs = { readonly rawConcentration?: Tensor };

/** Throws unless ν is a positive number or one of the words. */
function requireConcentration(concentration: unknown): void {
  if (concentration === "shared" || concentration === "perOutput") return;
  if (typeof concentration !== "number") {
    const requirement = "'concentration' must be a positive number, 'shared' or 'perOutput'";
    throw outOfRange("build likelihood", requirement, concentration);
  }
  requireNumber("build likelihood", "concentration", concentration, { minimum: 0, open: true });
}

/** ν, out of what the decoder says or out of a weight. */
function buildConcentration(
  concentration: number | "shared" | "perOutput",
  scope: Scope,
): (outputs: ConcentrationOutputs) => Tensor {
  if (typeof concentration === "number") return () => tf.scalar(concentration);
  if (concentration === "perOutput") {
    return ({ rawConcentration }) => positiveScale(rawConcentration!);
  }
  const raw = scope.weight("rawConcentration", [], constant(FIRST_RAW_CONCENTRATION));
  return () => positiveScale(raw());
}
