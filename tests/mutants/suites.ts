/**
 * All suites of mutants.
 *
 * @module
 */
import { bernoullis } from "./bernoullis.ts";
import { closedForms } from "./closed_forms.ts";
import { distributions } from "./distributions.ts";
import { divergences } from "./divergences.ts";
import { likelihoods } from "./likelihoods.ts";
import { misbehaving } from "./misbehaving.ts";
import { models } from "./models.ts";
import type { Suite } from "./mutant.ts";
import { networks } from "./networks.ts";
import { ourDistributions } from "./ours/distributions.ts";
import { ourDivergences } from "./ours/divergences.ts";
import { ourFlows } from "./ours/flows.ts";
import { ourLikelihoods } from "./ours/likelihoods.ts";
import { ourObjectives } from "./ours/objectives.ts";
import { ourPosteriors } from "./ours/posteriors.ts";
import { ourPriors } from "./ours/priors.ts";
import { objectives } from "./objectives.ts";
import { posteriors } from "./posteriors.ts";
import { priors } from "./priors.ts";

/** All suites of mutants. */
export const suites: readonly Suite[] = [
  distributions,
  bernoullis,
  posteriors,
  priors,
  likelihoods,
  closedForms,
  divergences,
  objectives,
  networks,
  models,
  misbehaving,
  ...ourDistributions,
  ...ourFlows,
  ...ourPosteriors,
  ...ourPriors,
  ...ourLikelihoods,
  ...ourDivergences,
  ...ourObjectives,
];
