/**
 * p(x|z) = ∏ NB(x | μ(z), θ), for counts whose variance μ + μ²/θ is larger than their mean μ.
 *
 * θ, the inverse dispersion, is a weight that the model learns for every feature, or another output
 * of the decoder: Lopez, Regier, Cole, Jordan and Yosef, "Deep generative modeling for single-cell
 * transcriptomics", Nature Methods 15, 2018. There μ is a share of all counts of a datum; here it is
 * the exponential of an output.
 *
 * @module
 */
import type { Likelihood } from "../../core/likelihood.ts";
import type { Shape } from "../../core/types.ts";
import {
  type NegativeBinomial,
  negativeBinomial as negativeBinomialDistribution,
} from "../distributions/negative_binomial.ts";
import {
  dispersionWeight,
  logInverseDispersionOf,
  logMeanOf,
  requireDispersion,
} from "./_counts.ts";

/** What the decoder says where θ is a weight for every feature. */
export type NegativeBinomialHeads = {
  /** log μ `[…D]`, to which the log size factor of a datum is added. It ends softly at 20. */
  readonly logMean: Shape;
};

/** What the decoder says where θ is an output of its own. */
export type NegativeBinomialPerOutputHeads = {
  /** log μ `[…D]`, to which the log size factor of a datum is added. It ends softly at 20. */
  readonly logMean: Shape;
  /** log θ `[…D]`. It ends softly at ±15. */
  readonly logInverseDispersion: Shape;
};

/** Options of {@linkcode negativeBinomial} with one θ for each feature. */
export interface NegativeBinomialOptions {
  /**
   * The model learns one θ for each feature, from 1 on.
   * @default "perFeature"
   */
  readonly dispersion?: "perFeature";
}

/** Options of {@linkcode negativeBinomial} with a θ for every output. */
export interface NegativeBinomialPerOutputOptions {
  /** The decoder says θ of every output. */
  readonly dispersion: "perOutput";
}

/**
 * A likelihood for overdispersed counts, of mean μ and variance μ + μ²/θ:
 * p(x|z) = ∏ NB(x | μ(z), θ). Where a batch has an `offset`, a log size factor for every datum such
 * as the log of a cell's library size, it is added to log μ.
 *
 * @param options Where θ comes from: `"perFeature"` unless told.
 * @throws {RangeError} If `dispersion` is an unknown word.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(likelihoods.negativeBinomial().heads([100]), { logMean: [100] });
 * const { heads } = likelihoods.negativeBinomial({ dispersion: "perOutput" });
 * assert.deepEqual(heads([100]), { logMean: [100], logInverseDispersion: [100] });
 * ```
 */
export function negativeBinomial(
  options?: NegativeBinomialOptions,
): Likelihood<NegativeBinomialHeads, "count", NegativeBinomial>;
/** The same, whose θ is another output of the decoder. */
export function negativeBinomial(
  options: NegativeBinomialPerOutputOptions,
): Likelihood<NegativeBinomialPerOutputHeads, "count", NegativeBinomial>;
export function negativeBinomial(
  { dispersion = "perFeature" }: NegativeBinomialOptions | NegativeBinomialPerOutputOptions = {},
):
  | Likelihood<NegativeBinomialHeads, "count", NegativeBinomial>
  | Likelihood<NegativeBinomialPerOutputHeads, "count", NegativeBinomial> {
  requireDispersion(dispersion);
  return dispersion === "perFeature" ? withThetaPerFeature() : withThetaPerOutput();
}

const PLUGIN = { kind: "likelihood", name: "negativeBinomial", support: "count" } as const;

function withThetaPerFeature(): Likelihood<NegativeBinomialHeads, "count", NegativeBinomial> {
  return {
    ...PLUGIN,
    options: { dispersion: "perFeature" },
    heads: (event) => ({ logMean: event }),
    build: (scope) => {
      const logInverseDispersion = dispersionWeight(scope);
      return ({ logMean }, { offset }) =>
        negativeBinomialDistribution({
          logMean: logMeanOf(logMean, offset),
          logInverseDispersion: logInverseDispersion(),
        });
    },
  };
}

function withThetaPerOutput(): Likelihood<
  NegativeBinomialPerOutputHeads,
  "count",
  NegativeBinomial
> {
  return {
    ...PLUGIN,
    options: { dispersion: "perOutput" },
    heads: (event) => ({ logMean: event, logInverseDispersion: event }),
    build: () => ({ logMean, logInverseDispersion }, { offset }) =>
      negativeBinomialDistribution({
        logMean: logMeanOf(logMean, offset),
        logInverseDispersion: logInverseDispersionOf(logInverseDispersion),
      }),
  };
}
