/**
 * p(x|z) = ∏ ZINB(x | μ(z), θ, π(z)), for overdispersed counts with extra zeros.
 *
 * Lopez, Regier, Cole, Jordan and Yosef, "Deep generative modeling for single-cell transcriptomics",
 * Nature Methods 15, 2018. There μ is a share of all counts of a datum; here it is the exponential
 * of an output.
 *
 * @module
 */
import type { Likelihood } from "../../core/likelihood.ts";
import type { Shape } from "../../core/types.ts";
import {
  type ZeroInflatedNegativeBinomial,
  zeroInflatedNegativeBinomial as zeroInflatedNegativeBinomialDistribution,
} from "../distributions/zero_inflated_negative_binomial.ts";
import {
  dispersionWeight,
  logInverseDispersionOf,
  logMeanOf,
  requireDispersion,
} from "./_counts.ts";
import type {
  NegativeBinomialHeads,
  NegativeBinomialOptions,
  NegativeBinomialPerOutputHeads,
  NegativeBinomialPerOutputOptions,
} from "./negative_binomial.ts";

/** What the decoder says where θ is a weight for every feature. */
export type ZeroInflatedNegativeBinomialHeads = NegativeBinomialHeads & {
  /** The log-odds of an extra zero `[…D]`. */
  readonly zeroLogits: Shape;
};

/** What the decoder says where θ is an output of its own. */
export type ZeroInflatedNegativeBinomialPerOutputHeads = NegativeBinomialPerOutputHeads & {
  /** The log-odds of an extra zero `[…D]`. */
  readonly zeroLogits: Shape;
};

/**
 * A likelihood for overdispersed counts with extra zeros: p(x|z) = ∏ ZINB(x | μ(z), θ, π(z)). Where a
 * batch has an `offset`, a log size factor for every datum such as the log of a cell's library size,
 * it is added to log μ.
 *
 * @param options Where θ comes from: `"perFeature"` unless told.
 * @throws {RangeError} If `dispersion` is an unknown word.
 *
 * @example
 * ```ts
 * import { likelihoods } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const { heads } = likelihoods.zeroInflatedNegativeBinomial();
 * assert.deepEqual(heads([100]), { logMean: [100], zeroLogits: [100] });
 * ```
 */
export function zeroInflatedNegativeBinomial(
  options?: NegativeBinomialOptions,
): Likelihood<ZeroInflatedNegativeBinomialHeads, "count", ZeroInflatedNegativeBinomial>;
/** A likelihood for counts with extra zeros, whose θ is another output of the decoder. */
export function zeroInflatedNegativeBinomial(
  options: NegativeBinomialPerOutputOptions,
): Likelihood<ZeroInflatedNegativeBinomialPerOutputHeads, "count", ZeroInflatedNegativeBinomial>;
export function zeroInflatedNegativeBinomial(
  { dispersion = "perFeature" }: NegativeBinomialOptions | NegativeBinomialPerOutputOptions = {},
):
  | Likelihood<ZeroInflatedNegativeBinomialHeads, "count", ZeroInflatedNegativeBinomial>
  | Likelihood<ZeroInflatedNegativeBinomialPerOutputHeads, "count", ZeroInflatedNegativeBinomial> {
  requireDispersion(dispersion);
  return dispersion === "perFeature" ? withThetaPerFeature() : withThetaPerOutput();
}

const PLUGIN = {
  kind: "likelihood",
  name: "zeroInflatedNegativeBinomial",
  support: "count",
} as const;

function withThetaPerFeature(): Likelihood<
  ZeroInflatedNegativeBinomialHeads,
  "count",
  ZeroInflatedNegativeBinomial
> {
  return {
    ...PLUGIN,
    options: { dispersion: "perFeature" },
    heads: (event) => ({ logMean: event, zeroLogits: event }),
    build: (scope) => {
      const logInverseDispersion = dispersionWeight(scope);
      return ({ logMean, zeroLogits }, { offset }) =>
        zeroInflatedNegativeBinomialDistribution({
          logMean: logMeanOf(logMean, offset),
          logInverseDispersion: logInverseDispersion(),
          zeroLogits,
        });
    },
  };
}

function withThetaPerOutput(): Likelihood<
  ZeroInflatedNegativeBinomialPerOutputHeads,
  "count",
  ZeroInflatedNegativeBinomial
> {
  return {
    ...PLUGIN,
    options: { dispersion: "perOutput" },
    heads: (event) => ({ logMean: event, logInverseDispersion: event, zeroLogits: event }),
    build: () => ({ logMean, logInverseDispersion, zeroLogits }, { offset }) =>
      zeroInflatedNegativeBinomialDistribution({
        logMean: logMeanOf(logMean, offset),
        logInverseDispersion: logInverseDispersionOf(logInverseDispersion),
        zeroLogits,
      }),
  };
}
