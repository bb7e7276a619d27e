/**
 * What the findings on a GPU backend have to be.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Findings } from "./check.ts";

/** Rounding and the functions of a GPU, over 1 + the largest number. */
const TOLERANCE = 1e-5;

/**
 * Throws where the findings are not as they have to be.
 *
 * @param findings What was found.
 * @param launches How many programs a training step may launch.
 */
export function requireFine(findings: Findings, launches: number): void {
  const { operations, adam, probes, means, training } = findings;
  const { leftPerEpoch, launchesPerStep, reads } = findings;
  for (const [name, error] of Object.entries(operations)) {
    assert(error <= TOLERANCE, `${name} is off by ${error}`);
  }
  assert(adam <= TOLERANCE, `Adam is off by ${adam} after 50 steps`);
  assert.deepEqual(probes, [true, false, false, false, true]);
  assert.deepEqual(means, [true, false, false]);
  assert(training <= TOLERANCE, `the losses are off by ${training}`);
  assert(launchesPerStep <= launches, `a step launches ${launchesPerStep} programs`);
  assert.equal(leftPerEpoch, 0, "an epoch leaves tensors behind");
  assert.equal(reads[0], 0, "a step reads from the device");
}
