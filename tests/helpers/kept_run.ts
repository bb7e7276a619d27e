/**
 * The run whose checkpoints are kept as fixtures.
 *
 * @module
 */
import { callbacks, divergences, schedules, vae } from "../../mod.ts";
import type { RunParts } from "./interrupted.ts";
import { tinyData, tinyParts } from "./tiny.ts";

/** A run with everything that a checkpoint may hold. */
export const keptRun: RunParts<"binary"> = {
  model: () =>
    vae({
      ...tinyParts,
      divergence: divergences.betaKl({ beta: schedules.linear({ from: 0, to: 1, steps: 9 }) }),
    }),
  data: () => tinyData(),
  options: () => ({
    epochs: 4,
    batchSize: 8,
    accumulate: 2,
    seed: 3,
    learningRate: schedules.cosine({ from: 0.05, to: 0.001, steps: 16 }),
    clip: { norm: 2, value: 1 },
    average: { decay: 0.9 },
    rollback: { attempts: 1 },
    validation: tinyData(16),
    callbacks: [callbacks.earlyStopping({ patience: 9 })],
  }),
};
