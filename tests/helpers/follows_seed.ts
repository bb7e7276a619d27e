/**
 * Draws that are the same for the same seed, wherever they are drawn.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Distribution } from "../../core/distribution.ts";
import { seed } from "../../core/random.ts";
import { assertClose } from "./assert_close.ts";
import { onEachBackend } from "./backends.ts";

/** Throws unless the draws of a distribution follow their seed, on all backends alike. */
export async function assertFollowsSeed(
  t: Deno.TestContext,
  make: () => Distribution,
  rounding: { readonly absolute: number; readonly relative?: number },
): Promise<void> {
  const draws: number[][] = [];
  await onEachBackend(t, () => {
    const p = make(), { value, logProb } = p.draw(seed(3), 50);
    assert.deepEqual(value.shape, [50, p.batch, ...p.event]);
    assertClose(logProb(), p.logProb(value), rounding);
    assert.notDeepEqual([...p.draw(seed(4), 50).value.dataSync()], [...value.dataSync()]);
    draws.push([...value.dataSync()]);
  });
  assert.deepEqual(draws[0], draws[1]);
}
