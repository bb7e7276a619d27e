/**
 * All plugins that Elbo has, by the kinds and names that files know them by.
 *
 * @module
 */
import type { BuiltIn } from "../core/checkpoint/factories.ts";
import * as divergences from "./divergences/mod.ts";
import * as flows from "./flows/mod.ts";
import * as likelihoods from "./likelihoods/mod.ts";
import * as networks from "./networks/mod.ts";
import * as objectives from "./objectives/mod.ts";
import * as posteriors from "./posteriors/mod.ts";
import * as priors from "./priors/mod.ts";
import * as schedules from "./schedules/mod.ts";

/** The factories by kind and name; closed forms are not made, but are what they are. */
export const BUILT_IN: BuiltIn = {
  network: networks,
  posterior: posteriors,
  prior: priors,
  flow: flows,
  likelihood: likelihoods,
  divergence: divergences,
  objective: objectives,
  schedule: schedules,
  "closed form": divergences,
};
