/**
 * The readers under torture, by name; each is made only where it is wanted.
 *
 * @module
 */
import type { Reader } from "../reader.ts";

/** How each reader is made. */
export const readers: Readonly<Record<string, () => Promise<Reader>>> = {
  safetensors: async () => (await import("./safetensors.ts")).safetensors(),
  "model.json": async () => await (await import("./model_json.ts")).modelJson(),
  "run.json": async () => await (await import("./run_json.ts")).runJson(),
  idx: async () => await (await import("./idx.ts")).idx(),
  npy: async () => await (await import("./npy.ts")).npy(),
  csv: async () => await (await import("./csv.ts")).csv(),
};
