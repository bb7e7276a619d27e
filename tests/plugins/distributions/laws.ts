/**
 * The distributions of Elbo, with the laws that they are held to.
 *
 * @module
 */
import { tf } from "../../../core/tf.ts";
import type { InvertibleMap } from "../../../mod.ts";
import * as d from "../../../plugins/distributions/mod.ts";
import { distributionLaws } from "../../laws/mod.ts";
import { type HeldPlugins, holds } from "../held.ts";

/** x = sign z · log(1 + |z|), element by element. */
export const logarithm: InvertibleMap = {
  forward: (z) => {
    const size = tf.log1p(tf.abs(z));
    return { value: tf.mul(tf.sign(z), size), logDeterminant: tf.neg(tf.sum(size, -1)) };
  },
  inverse: (x) => {
    const size = tf.abs(x);
    return { value: tf.mul(tf.sign(x), tf.expm1(size)), logDeterminant: tf.sum(size, -1) };
  },
};

/** Beyond, ratios of μ and θ leave float32. */
const COUNTS = { logMean: [-40, 40], logInverseDispersion: [-40, 40] } as const;

/** Where hardly any draw is not 0, small θ have tails beyond the counts that the laws look at. */
export const FEW_COUNTS = { logInverseDispersion: [-1, 3] } as const;

/** By name, and by what else tells two of them apart. */
export const heldDistributions: HeldPlugins = {
  "distributions.normal": holds(distributionLaws, d.normalFamily),
  "distributions.standardNormal": holds(distributionLaws, d.standardNormalFamily),
  "distributions.bernoulli": holds(distributionLaws, d.bernoulliFamily),
  "distributions.categorical": holds(distributionLaws, d.categoricalFamily({ categories: 4 }), {
    categories: 4,
  }),
  "distributions.laplace": holds(distributionLaws, d.laplaceFamily),
  "distributions.logistic": holds(distributionLaws, d.logisticFamily),
  "distributions.studentT": holds(distributionLaws, d.studentTFamily, {
    ranges: { degreesOfFreedom: [3, 30] }, // Below, its moments and tails are too wild to check.
    extremes: { degreesOfFreedom: [1.01, 1e3] },
  }),
  "distributions.logisticNormal": holds(distributionLaws, d.logisticNormalFamily),
  "distributions.logNormal": holds(distributionLaws, d.logNormalFamily, {
    extremes: { location: [-20, 20], scale: [1e-3, 4] }, // exp 88 leaves float32.
  }),
  "distributions.gamma": holds(distributionLaws, d.gammaFamily),
  "distributions.beta": holds(distributionLaws, d.betaFamily, {
    // Below β = 1 much of the mass lies nearer to 1 than float32 can tell from 1.
    ranges: { concentration0: [1, 4] },
  }),
  "distributions.negativeBinomial": holds(distributionLaws, d.negativeBinomialFamily, {
    extremes: COUNTS,
  }),
  "distributions.poisson": holds(distributionLaws, d.poissonFamily, {
    extremes: { logRate: [-80, 80] }, // exp 88 leaves float32.
  }),
  "distributions.powerSpherical": holds(distributionLaws, d.powerSphericalFamily),
  "distributions.uniformSphere": holds(distributionLaws, d.uniformSphereFamily),
  "distributions.multivariateNormal": holds(distributionLaws, d.multivariateNormalFamily, {
    extremes: { below: [-10, 10] },
  }),
  "distributions.lowRankNormal": holds(distributionLaws, d.lowRankNormalFamily({ rank: 2 })),
  "distributions.factorizedMixture": holds(distributionLaws, d.factorizedMixtureFamily),
  "distributions.mixture": holds(distributionLaws, d.mixtureFamily),
  "distributions.continuousBernoulli": holds(distributionLaws, d.continuousBernoulliFamily),
  "distributions.zeroInflatedNegativeBinomial": holds(
    distributionLaws,
    d.zeroInflatedNegativeBinomialFamily,
    { extremes: COUNTS, ranges: FEW_COUNTS },
  ),
  "distributions.discretizedLogistic": holds(
    distributionLaws,
    d.discretizedLogisticFamily({ levels: 5 }),
    { levels: 5 },
  ),
  "distributions.discretizedLogistic, 256 levels": holds(
    distributionLaws,
    d.discretizedLogisticFamily({ levels: 256 }),
    { levels: 256 },
  ),
  "distributions.transformed": holds(distributionLaws, d.transformedFamily({ map: logarithm }), {
    edges: [0, 1e-6, -10, 10], // exp 10⁴ leaves float32.
  }),
  "distributions.blockwise": holds(distributionLaws, d.blockwiseFamily),
  "distributions.masked": holds(distributionLaws, d.maskedFamily),
  "distributions.oneHotCategorical": holds(distributionLaws, d.oneHotCategoricalFamily),
  "distributions.relaxedOneHotCategorical": holds(
    distributionLaws,
    d.relaxedOneHotCategoricalFamily,
  ),
};
