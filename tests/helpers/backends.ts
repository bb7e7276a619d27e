/**
 * The backends that run everywhere.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { useBackend } from "../../mod.ts";

/** Runs the same check on cpu and on wasm, inside `tf.tidy`, and goes back to cpu. */
export async function onEachBackend(t: Deno.TestContext, check: () => void): Promise<void> {
  try {
    for (const backend of ["cpu", "wasm"] as const) {
      await useBackend({ backend });
      await t.step(`on ${backend}`, () => tf.tidy(check));
    }
  } finally {
    await useBackend({ backend: "cpu" });
  }
}
