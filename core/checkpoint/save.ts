/**
 * A model as files: what it is made of as JSON, and its weights as safetensors.
 *
 * @module
 */
import { outOfRange, requireAlive } from "../errors.ts";
import { integrityOf } from "../files/integrity.ts";
import { type FilePlace, pathOfPlace, writeTo } from "../files/sources.ts";
import { type Files, writeFiles } from "../files/write.ts";
import type { Vae } from "../model.ts";
import { encodeSafetensors, type StoredTensor, storedTensors } from "../safetensors.ts";
import type { Variable } from "../types.ts";
import { describeModel, parseDescription } from "./description.ts";

/** The names of the files of a model in a folder. */
export const MODEL = "model.json", PARAMETERS = "parameters.safetensors";

/** The key under which a single file says what the model is made of. */
export const METADATA_KEY = "elbo";

/** How the path of a single file ends. */
export const SINGLE_FILE = ".safetensors";

/**
 * The values of some variables.
 *
 * @param action The attempted action, for errors.
 * @param variables The variables by path.
 * @throws {RangeError} If a value is not finite, so that nobody could use them.
 */
export async function storedValues(
  action: string,
  variables: ReadonlyMap<string, Variable>,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const stored = await storedTensors(variables);
  requireFinite(action, stored);
  return stored;
}

/** Throws unless all values are finite. */
export function requireFinite(action: string, stored: ReadonlyMap<string, StoredTensor>): void {
  for (const [path, { values }] of stored) {
    const place = values.findIndex((value) => !Number.isFinite(value));
    if (place < 0) continue;
    throw outOfRange(action, `every value of '${path}' must be finite`, values[place]);
  }
}

/** What a model is made of as JSON; throws if nobody could read it again. */
function descriptionOf(model: Vae, integrity?: string): string {
  const description = describeModel(model, integrity);
  const text = JSON.stringify(description, undefined, integrity === undefined ? 0 : 2);
  parseDescription("save", "its description", new TextEncoder().encode(text));
  return text;
}

/**
 * The files of a model in a folder, by their names.
 *
 * @throws {TypeError} If an option of a plugin is nothing that JSON can hold.
 * @throws {RangeError} If the model was disposed, a parameter is not finite, or plugins lie too deep
 * within each other.
 */
export async function modelFiles(model: Vae): Promise<Files> {
  requireAlive("save", model);
  const parameters = encodeSafetensors(await storedValues("save", model.parameters));
  const description = descriptionOf(model, await integrityOf(parameters));
  return new Map([
    [PARAMETERS, parameters],
    [MODEL, new TextEncoder().encode(`${description}\n`)],
  ]);
}

/** A model as one file: its weights, with what it is made of as metadata. */
async function singleFile(model: Vae): Promise<Uint8Array<ArrayBuffer>> {
  requireAlive("save", model);
  const description = descriptionOf(model);
  const stored = await storedValues("save", model.parameters);
  return encodeSafetensors(stored, { [METADATA_KEY]: description });
}

/**
 * Saves a model: to a folder, which is made if need be; to a single file, where the path ends with
 * `.safetensors`; or to a browser's own database. Whatever happens meanwhile, what stood there
 * before stands there until all of the new is written; a power cut between the two files of a folder
 * leaves what `load` refuses. In Deno a path needs `--allow-read` and `--allow-write`.
 *
 * @param model The model.
 * @param place The path of a folder or of a single file, a `file:` URL, or `indexedDb(name)`.
 * @throws {TypeError} If an option of a plugin is nothing that JSON can hold, or the place is none.
 * @throws {RangeError} If the model was disposed, a parameter is not finite, or the place cannot be
 * written.
 * @throws {DeviceLostError} If the GPU that the model lies on is lost.
 *
 * @example
 * ```ts
 * import { divergences, likelihoods, load, narrow, networks, posteriors } from "@elbo/elbo";
 * import { priors, save, vae } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = vae({
 *   data: [2],
 *   latent: 1,
 *   encoder: networks.mlp({ hidden: [8] }),
 *   decoder: networks.mlp({ hidden: [8] }),
 *   posterior: posteriors.diagonalNormal(),
 *   prior: priors.standardNormal(),
 *   likelihood: likelihoods.bernoulli(),
 *   divergence: divergences.kl(),
 * });
 * await save(model, "out/model"); // model.json and parameters.safetensors
 * await save(model, "out/model.safetensors"); // all in one file
 * const same = narrow(await load("out/model.safetensors"), "binary");
 * assert.equal(same.summary(), model.summary());
 * ```
 */
export async function save(model: Vae, place: FilePlace): Promise<void> {
  const path = await pathOfPlace("save", place);
  if (path === undefined || path.endsWith(SINGLE_FILE)) {
    await writeTo("save", place, await singleFile(model));
  } else await writeFiles(path, await modelFiles(model));
}

/**
 * A model as one file in memory, to be offered as a download or sent elsewhere.
 *
 * @param model The model.
 * @returns What `save` would write to a path that ends with `.safetensors`.
 * @throws {TypeError} If an option of a plugin is nothing that JSON can hold.
 * @throws {RangeError} If the model was disposed, or a parameter is not finite.
 * @throws {DeviceLostError} If the GPU that the model lies on is lost.
 *
 * @example
 * ```ts
 * import { load, presets, toBlob } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const model = presets.vae({ data: [4], latent: 2 });
 * const same = await load(await toBlob(model));
 * assert.equal(same.summary(), model.summary());
 * ```
 */
export async function toBlob(model: Vae): Promise<Blob> {
  return new Blob([await singleFile(model)], { type: "application/octet-stream" });
}
