/**
 * The backends that run everywhere.
 *
 * @module
 */
import { type BackendName, useBackend } from "../../mod.ts";

/** Runs the steps of a test on cpu and on wasm, and goes back to cpu. */
export async function onEachBackend(
  t: Deno.TestContext,
  run: (backend: BackendName) => void | Promise<void>,
): Promise<void> {
  try {
    for (const backend of ["cpu", "wasm"] as const) {
      await useBackend({ backend });
      await t.step(`on ${backend}`, () => run(backend));
    }
  } finally {
    await useBackend({ backend: "cpu" });
  }
}

/** A test that runs on cpu and on wasm. */
export function onBackends(name: string, run: () => void | Promise<void>): void {
  Deno.test(name, (t) => onEachBackend(t, run));
}
