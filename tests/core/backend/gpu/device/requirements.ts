/**
 * What has to be found of a device that trains.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { DeviceFindings } from "./device.ts";

/**
 * The reads of 60 steps, 25 of which are an epoch: at the end of each epoch, which the step after it
 * notices, after 50 steps, and at the end.
 */
const READS = { 26: 1, 50: 1, 51: 1, end: 1 };

/** One more for each look, but where all has been read already. */
const LOOKS = { 10: 1, 20: 1, 30: 1, 40: 1, 60: 1, ...READS };

/** Milliseconds within which a run ends whose device is lost. */
const SOON = 5000;

/** Throws where something is not as it has to be. */
export function requireOfDevice(
  { reads, looks, memory, lost, ends, message }: DeviceFindings,
): void {
  for (const [name, found] of Object.entries(reads)) {
    assert.deepEqual(found, READS, `a step of '${name}' reads from the device`);
  }
  assert.deepEqual(looks, LOOKS, "a look is one read");
  for (const [name, [first, ...others]] of Object.entries(memory)) {
    for (const other of others) assert.deepEqual(other, first, `the memory of '${name}' grows`);
  }
  for (const [name, is] of Object.entries(lost)) assert(is, `a lost device: '${name}' is not so`);
  for (const [name, milliseconds] of Object.entries(ends)) {
    assert(milliseconds < SOON, `'${name}' ends ${milliseconds} ms after the device was lost`);
  }
  assert.match(message, /^DeviceLostError: Cannot go on training as the GPU must stay: /);
}
