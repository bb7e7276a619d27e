/**
 * Elbo's distributions, each with a bug.
 *
 * @module
 */
import type { Suite } from "../mutant.ts";
import { composed } from "./distributions/composed.ts";
import { discrete } from "./distributions/discrete.ts";
import { positiveAndUnit } from "./distributions/positive_and_unit.ts";
import { real } from "./distributions/real.ts";
import { simplexAndSphere } from "./distributions/simplex_and_sphere.ts";

/** Elbo's distributions, each with a bug. */
export const ourDistributions: readonly Suite[] = [
  ...real,
  ...positiveAndUnit,
  ...discrete,
  ...simplexAndSphere,
  ...composed,
];
