/**
 * Our wasm backend just as it was asked for: what would have fallen back is refused, as its time would
 * stand under a wrong name.
 *
 * @module
 */
import { useBackend } from "../../mod.ts";

/**
 * Starts it.
 *
 * @param threads The number of threads.
 * @param products `"blas"` where a library of the system computes matrix products.
 * @returns What runs, in a few words.
 */
export async function startWasm(threads: number, products: string): Promise<string> {
  const { summary, wasm } = await useBackend({ backend: "wasm", threads });
  if (wasm?.threads !== threads) throw new Error(wasm?.threadsReason ?? summary);
  if (products === "blas" && wasm.blas === undefined) throw new Error(wasm.blasReason ?? summary);
  return summary;
}
