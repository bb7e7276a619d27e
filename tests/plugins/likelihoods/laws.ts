/**
 * The likelihoods of Elbo, with the laws that they are held to.
 *
 * @module
 */
import { likelihoods } from "../../../mod.ts";
import { likelihoodLaws } from "../../laws/mod.ts";
import { FEW_COUNTS } from "../distributions/laws.ts";
import { type HeldPlugins, holds } from "../held.ts";

/** Columns of three kinds. */
export const table = likelihoods.columns({
  age: likelihoods.normal(),
  smokes: likelihoods.bernoulli(),
  job: likelihoods.categorical({ categories: 4 }),
});

/** Where little of the mass lies nearer to 0 or 1 than the ε of the likelihood. */
const BETA = { ranges: { logits: [-1, 1], "weights/rawConcentration": [3, 6] } } as const;

/** By name, and by what else tells two of them apart. */
export const heldLikelihoods: HeldPlugins = {
  "likelihoods.continuousBernoulli": holds(likelihoodLaws, likelihoods.continuousBernoulli()),
  "likelihoods.discretizedLogisticMixture": holds(
    likelihoodLaws,
    likelihoods.discretizedLogisticMixture({ components: 3, levels: 5 }),
    { levels: 5 },
  ),
  "likelihoods.bernoulli": holds(likelihoodLaws, likelihoods.bernoulli()),
  "likelihoods.columns": holds(likelihoodLaws, table, { categories: 4 }),
  "likelihoods.beta, shared concentration": holds(likelihoodLaws, likelihoods.beta(), BETA),
  "likelihoods.beta, fixed concentration": holds(
    likelihoodLaws,
    likelihoods.beta({ concentration: 5, epsilon: 1e-5 }),
    { ranges: { logits: [-1, 1] } },
  ),
  "likelihoods.beta, concentration per output": holds(
    likelihoodLaws,
    likelihoods.beta({ concentration: "perOutput" }),
    { ranges: { logits: [-1, 1], rawConcentration: [3, 6] } },
  ),
  "likelihoods.categorical": holds(likelihoodLaws, likelihoods.categorical({ categories: 4 }), {
    categories: 4,
  }),
  "likelihoods.laplace, shared scale": holds(likelihoodLaws, likelihoods.laplace()),
  "likelihoods.laplace, fixed scale": holds(likelihoodLaws, likelihoods.laplace({ scale: 0.5 })),
  "likelihoods.laplace, scale per output": holds(
    likelihoodLaws,
    likelihoods.laplace({ scale: "perOutput" }),
  ),
  "likelihoods.negativeBinomial": holds(likelihoodLaws, likelihoods.negativeBinomial(), {
    offset: true,
  }),
  "likelihoods.negativeBinomial, dispersion per output": holds(
    likelihoodLaws,
    likelihoods.negativeBinomial({ dispersion: "perOutput" }),
    { offset: true },
  ),
  "likelihoods.studentT, shared": holds(likelihoodLaws, likelihoods.studentT()),
  "likelihoods.studentT, fixed": holds(
    likelihoodLaws,
    likelihoods.studentT({ degreesOfFreedom: 4, scale: 0.5 }),
  ),
  "likelihoods.studentT, scale per output": holds(
    likelihoodLaws,
    likelihoods.studentT({ degreesOfFreedom: 6, scale: "perOutput" }),
  ),
  "likelihoods.normal, shared scale": holds(likelihoodLaws, likelihoods.normal()),
  "likelihoods.normal, fixed scale": holds(likelihoodLaws, likelihoods.normal({ scale: 0.5 })),
  "likelihoods.normal, optimal scale": holds(
    likelihoodLaws,
    likelihoods.normal({ scale: "optimal" }),
  ),
  "likelihoods.normal, scale per output": holds(
    likelihoodLaws,
    likelihoods.normal({ scale: "perOutput" }),
  ),
  "likelihoods.poisson": holds(likelihoodLaws, likelihoods.poisson(), { offset: true }),
  "likelihoods.zeroInflatedNegativeBinomial": holds(
    likelihoodLaws,
    likelihoods.zeroInflatedNegativeBinomial(),
    { offset: true },
  ),
  "likelihoods.zeroInflatedNegativeBinomial, dispersion per output": holds(
    likelihoodLaws,
    likelihoods.zeroInflatedNegativeBinomial({ dispersion: "perOutput" }),
    { offset: true, ranges: FEW_COUNTS },
  ),
};
