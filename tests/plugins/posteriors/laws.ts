/**
 * The posteriors of Elbo, with the laws that they are held to.
 *
 * @module
 */
import { posteriors } from "../../../mod.ts";
import { posteriorLaws } from "../../laws/mod.ts";
import { type HeldPlugins, holds } from "../held.ts";

/** A substitution multiplies by what is below the diagonal over what is on it, once for each row. */
const SUBSTITUTED = {
  ranges: { rawDiagonal: [-1, 3] },
  extremes: { rawDiagonal: [-5, 1000], lower: [-10, 10] },
} as const;

/** By name, and by what else tells two of them apart. */
export const heldPosteriors: HeldPlugins = {
  "posteriors.diagonalNormal": holds(posteriorLaws, posteriors.diagonalNormal()),
  "posteriors.fullCovarianceNormal": holds(
    posteriorLaws,
    posteriors.fullCovarianceNormal(),
    SUBSTITUTED,
  ),
  "posteriors.lowRankNormal": holds(posteriorLaws, posteriors.lowRankNormal({ rank: 2 })),
  "posteriors.lowRankNormal, rank 1": holds(posteriorLaws, posteriors.lowRankNormal({ rank: 1 })),
  "posteriors.logisticNormal": holds(posteriorLaws, posteriors.logisticNormal()),
  "posteriors.inverseAutoregressiveFlow": holds(
    posteriorLaws,
    posteriors.inverseAutoregressiveFlow({ layers: 1, hidden: [3], context: 1 }),
  ),
  "posteriors.laplace": holds(posteriorLaws, posteriors.laplace()),
  "posteriors.powerSpherical": holds(posteriorLaws, posteriors.powerSpherical()),
  "posteriors.relaxedCategorical": holds(
    posteriorLaws,
    posteriors.relaxedCategorical({ temperature: 0.7 }),
  ),
  "posteriors.relaxedCategorical, straight through": holds(
    posteriorLaws,
    posteriors.relaxedCategorical({ temperature: 0.7, straightThrough: true }),
    {
      support: "one-hot",
      skip: { reparameterization: "the gradient of relaxed draws is a biased one" },
    },
  ),
};
