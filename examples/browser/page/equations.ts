/**
 * The model that the form describes, as it stands in papers.
 *
 * @module
 */
import type { Settings } from "../protocol.ts";

/** What of the form is written down. */
export type Described = Pick<
  Settings,
  "likelihood" | "prior" | "conditional" | "objective" | "beta" | "freeNats" | "samples"
>;

/** p(x|z), with what the decoder says of it. */
const LIKELIHOODS: Readonly<Record<string, string>> = {
  bernoulli: "Bernoulli(π(z))",
  continuousBernoulli: "CB(λ(z))",
  beta: "Beta(α(z), β(z))",
  negativeBinomial: "NB(μ(z), r)",
  poisson: "Poisson(λ(z))",
  normal: "N(μ(z), σ²)",
  laplace: "Laplace(μ(z), b)",
  studentT: "Student-t(μ(z), σ, ν)",
};

/** p(z). */
const PRIORS: Readonly<Record<string, string>> = {
  standardNormal: "N(0, I)",
  conditionalNormal: "N(μ(c), σ²(c))",
  mixtureOfNormals: "Σₖ πₖ N(μₖ, σₖ²), 10 of them",
  vampPrior: "1⁄50 Σₖ q(z | uₖ), uₖ learned",
  flow: "f(ε), ε ~ N(0, I), f a Real NVP",
  laplace: "Laplace(0, 1)",
};

/** A number as it stands before a symbol. */
function times(factor: number): string {
  return factor === 1 ? "" : `${factor} `;
}

/** What training makes larger. */
function objectiveOf({ objective, beta, freeNats, samples, prior }: Described): string {
  switch (objective) {
    case "warmUp":
      return "E log p(x|z) − β KL(q ‖ p), β ↑ 1";
    case "freeBits":
      return prior === "standardNormal" || prior === "conditionalNormal"
        ? `E log p(x|z) − Σₖ max(${freeNats}, KLₖ)`
        : `E log p(x|z) − max(${freeNats}, KL)`;
    case "iwae":
      return `E log 1⁄${samples} Σₛ p(x, zₛ) / q(zₛ|x)`;
    default:
      return `E log p(x|z) − ${times(beta)}KL(q ‖ p)`;
  }
}

/** One line: what is said of what. */
export type Equation = readonly [left: string, relation: string, right: string];

/** The lines, from the prior to the objective. */
export function equationsOf(described: Described): readonly Equation[] {
  const { likelihood, prior, conditional } = described;
  const told = (text: string): string => conditional ? text.replaceAll("(z)", "(z, c)") : text;
  const x = LIKELIHOODS[likelihood];
  return [
    [prior === "conditionalNormal" ? "z | c" : "z", "~", PRIORS[prior] ?? prior],
    [conditional ? "x | z, c" : "x | z", "~", x === undefined ? "a product over columns" : told(x)],
    [
      conditional ? "q(z|x, c)" : "q(z|x)",
      "=",
      conditional ? "N(μ(x, c), diag σ²(x, c))" : "N(μ(x), diag σ²(x))",
    ],
    ["maximize", "", objectiveOf(described)],
  ];
}
