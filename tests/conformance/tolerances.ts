/**
 * How far the backends may be apart, and why they are.
 *
 * @module
 */

/** A check, and what may differ. */
export interface Tolerance {
  /** How large the difference may be. */
  readonly most: number;
  /** What the difference is. */
  readonly measure: string;
  /** Why there is any. */
  readonly reason: string;
}

/** By what is compared with cpu. */
export const TOLERANCES = {
  words: {
    most: 0,
    measure: "uniform noise and permutations that differ in a bit",
    reason: "they are whole numbers of Threefry, made on the host or by a kernel of integers",
  },
  normal: {
    most: 2e-6,
    measure: "the largest difference of normal noise",
    reason: "wasm takes log, cos and sin of float32; elsewhere the host takes those of float64",
  },
  gamma: {
    most: 1e-5,
    measure: "the largest difference of log z, over 1 + |log z|, of all draws but 1 in 500",
    reason: "log1p and log differ in their last bits; a candidate on the brink may be refused",
  },
  poisson: {
    most: 0.005,
    measure: "the share of Poisson draws that are other counts",
    reason: "a host sums masses in float64 and a GPU in float32; a draw on the brink falls aside",
  },
  operations: {
    most: 2e-5,
    measure: "the largest error of an answer or a gradient, over 1 + its largest number",
    reason: "sums are in another order, and cpu adds 33,000 terms one by one in float32",
  },
  losses: {
    most: 1e-4,
    measure: "the largest difference of the loss of a step, over 1 + |loss|",
    reason: "what rounding adds to a gradient, Adam carries on from step to step",
  },
  used: {
    most: 1e-3,
    measure: "the same of its ELBO, reconstructions, imputations and log p(x) when it is trained",
    reason: "parameters are apart by what all steps have added up; latents and means follow them",
  },
  drawn: {
    most: 0.02,
    measure: "the share of its draws that are others",
    reason: "counts, classes and levels on the brink fall aside, as for Poisson draws",
  },
} as const satisfies Readonly<Record<string, Tolerance>>;
