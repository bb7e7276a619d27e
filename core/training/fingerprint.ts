/**
 * What tells data from other data: a hash of the first rows.
 *
 * @module
 */
import type { Dataset } from "../data/dataset.ts";
import { tf } from "../deps.ts";

/** How many rows are looked at. */
const ROWS = 32;

/** A hash of some bytes, in hexadecimal digits. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A hash of the first rows of some data, in their own order, with all that comes with them. */
export async function fingerprintOf(data: Dataset): Promise<string> {
  const hashes: string[] = [];
  for await (const batch of data.batches({ size: ROWS })) {
    for (const [name, tensor] of Object.entries(batch).toSorted()) {
      if (tensor === undefined) continue;
      const values = Float32Array.from(await tensor.data());
      hashes.push(`${name} ${tensor.shape} ${await hashOf(new Uint8Array(values.buffer))}`);
    }
    tf.dispose(Object.values(batch));
    break;
  }
  return await hashOf(new TextEncoder().encode(hashes.join()));
}
