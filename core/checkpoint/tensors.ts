/**
 * Tensors in files, whatever they are.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";
import {
  type FilePlace,
  type FileSource,
  nameOfSource,
  readFrom,
  type ReadOptions,
  writeTo,
} from "../files/sources.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
} from "../safetensors.ts";
import { sizeOf } from "../types.ts";

/**
 * Reads the tensors in a safetensors file, as float32. Numbers of 64 bits are rounded to the next
 * float32; integers that float32 cannot hold are refused.
 *
 * @param source The path or the URL of the file, the file itself as a `Blob` or bytes, or
 * `indexedDb(name)`.
 * @param options How it is to be read.
 * @throws {RangeError} If it cannot be read, or is not in the format.
 * @throws {TypeError} If the source is none.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const means = { shape: [2, 1], values: Float32Array.of(0.5, -1) };
 * await writeSafetensors("out/means.safetensors", { means }, { of: "the digits" });
 * const { tensors, metadata } = await readSafetensors("out/means.safetensors");
 * assert.deepEqual(tensors.get("means"), means);
 * assert.equal(metadata.of, "the digits");
 * ```
 */
export async function readSafetensors(
  source: FileSource,
  options: ReadOptions = {},
): Promise<Safetensors> {
  const bytes = await readFrom("read safetensors", source, options);
  return decodeSafetensors(bytes, nameOfSource(source));
}

/**
 * Writes tensors as one safetensors file, which Python's package of that name reads.
 *
 * @param place The path of the file, a `file:` URL, or `indexedDb(name)`.
 * @param tensors The values and the shape of each tensor by its name.
 * @param metadata What the file is to say of itself.
 * @throws {RangeError} If a tensor has more or fewer values than its shape says, or the place cannot
 * be written.
 * @throws {TypeError} If the place is none.
 *
 * @example
 * ```ts
 * import { writeSafetensors } from "@elbo/elbo";
 *
 * await writeSafetensors("out/a.safetensors", { a: { shape: [], values: Float32Array.of(1) } });
 * ```
 */
export async function writeSafetensors(
  place: FilePlace,
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata?: Readonly<Record<string, string>>,
): Promise<void> {
  const action = "write safetensors", named = Object.entries(tensors);
  for (const [name, { shape, values }] of named) {
    if (values.length === sizeOf(shape)) continue;
    const requirement = `'${name}' must have the values of its shape [${shape.join(", ")}]`;
    throw outOfRange(action, requirement, values.length);
  }
  await writeTo(action, place, encodeSafetensors(new Map(named), metadata));
}
