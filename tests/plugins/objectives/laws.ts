/**
 * The objectives of Elbo, with the laws that they are held to.
 *
 * @module
 */
import { divergences, objectives, schedules } from "../../../mod.ts";
import { objectiveLaws } from "../../laws/mod.ts";
import { type HeldPlugins, holds } from "../held.ts";

const { betaKl, kl } = divergences;
const sampledKl = kl({ closedForms: [] });

// Objectives of any number of samples.
const plain = (samples: number) => objectives.elbo({ divergence: kl(), samples });
const landing = (samples: number) =>
  objectives.elbo({ divergence: sampledKl, samples, gradient: "stickingTheLanding" });
const importance = (samples: number) => objectives.iwae({ samples });
const doubly = (samples: number) => objectives.iwae({ samples, gradient: "doublyReparameterized" });
const renyi = (samples: number) => objectives.renyi({ order: 0.5, samples });

const warmUp = schedules.linear({ from: 0, to: 1, steps: 1000 });

/** By name, and by what else tells two of them apart. */
export const heldObjectives: HeldPlugins = {
  "objectives.elbo": holds(objectiveLaws, objectives.elbo({ divergence: kl() }), {
    withSamples: plain,
  }),
  "objectives.elbo, sampled": holds(
    objectiveLaws,
    objectives.elbo({ divergence: sampledKl, samples: 3 }),
  ),
  "objectives.elbo, weighted": holds(
    objectiveLaws,
    objectives.elbo({ divergence: betaKl({ beta: warmUp }), samples: 3 }),
  ),
  "objectives.elbo, sticking the landing": holds(objectiveLaws, landing(4), {
    withSamples: landing,
  }),
  "objectives.iwae": holds(objectiveLaws, objectives.iwae(), { withSamples: importance }),
  "objectives.iwae, doubly reparameterized": holds(objectiveLaws, doubly(5), {
    withSamples: doubly,
  }),
  "objectives.renyi": holds(objectiveLaws, objectives.renyi({ order: 0.5 }), {
    withSamples: renyi,
  }),
  "objectives.renyi, above order 1": holds(objectiveLaws, objectives.renyi({ order: 2 }), {
    skip: { bound: "it lies below the ELBO" },
  }),
  "objectives.renyi, below order 0": holds(objectiveLaws, objectives.renyi({ order: -1 })),
};
