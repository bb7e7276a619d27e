/**
 * The backends that run everywhere.
 *
 * @module
 */
import { tf } from "../../core/deps.ts";
import { useBackend } from "../../mod.ts";

/** Takes the same step on cpu and on wasm, and goes back to cpu. */
async function step(t: Deno.TestContext, run: () => void | Promise<void>): Promise<void> {
  try {
    for (const backend of ["cpu", "wasm"] as const) {
      await useBackend({ backend });
      await t.step(`on ${backend}`, run);
    }
  } finally {
    await useBackend({ backend: "cpu" });
  }
}

/** Runs the same check on cpu and on wasm, inside `tf.tidy`. */
export async function onEachBackend(t: Deno.TestContext, check: () => void): Promise<void> {
  await step(t, () => tf.tidy(check));
}

/** A test that runs on cpu and on wasm, and disposes what it makes. */
export function onBackends(name: string, run: () => void | Promise<void>): void {
  Deno.test(name, (t) => step(t, run));
}
