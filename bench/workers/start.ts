/**
 * A program that starts a wasm backend and ends.
 *
 *     start.ts nothing | import | elbo | stock
 *
 * @module
 */
import { lazy } from "../deps.ts";

/** What is started, by what it is called. */
const starts: Readonly<Record<string, () => Promise<unknown>>> = {
  nothing: () => Promise.resolve(),
  import: () => import("../../mod.ts"),
  elbo: async () => {
    const { useBackend } = await import("../../mod.ts");
    await useBackend({ backend: "wasm" });
  },
  stock: async () => {
    const tf = await lazy.tensorflow();
    await lazy.tensorflowWasm();
    await tf.setBackend("wasm");
    await tf.ready();
  },
};

await starts[Deno.args[0]!]!();
Deno.exit(); // Threads that a backend started would keep the process.
