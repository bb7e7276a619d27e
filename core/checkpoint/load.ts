/**
 * Models out of files.
 *
 * @module
 */
import { isRefusal, outOfRange, wrongType } from "../errors.ts";
import { integrityOf } from "../files/integrity.ts";
import { readWhole } from "../files/read.ts";
import {
  type FileSource,
  nameOfSource,
  pathOf,
  readFrom,
  type ReadOptions,
} from "../files/sources.ts";
import type { Files } from "../files/write.ts";
import type { Vae } from "../model.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import type { Plugin } from "../plugin.ts";
import { decodeSafetensors } from "../safetensors.ts";
import type { Stored } from "../scope.ts";
import { compose } from "../vae.ts";
import { type Description, type FindPlugin, fromJson, parseDescription } from "./description.ts";
import { type BuiltIn, type Factory, findAmong } from "./factories.ts";
import { METADATA_KEY, MODEL, PARAMETERS, requireFinite, SINGLE_FILE } from "./save.ts";

const ACTION = "load model";

/** Options of {@linkcode loadWith}. */
export interface LoadOptions extends ReadOptions {
  /**
   * The factories of plugins that Elbo does not have: `[mine, another]`. A plugin that takes no
   * options may stand for its factory.
   * @default []
   */
  readonly plugins?: readonly (Factory | Plugin)[];
}

const NAMES = {
  plugins: true,
  integrity: true,
  maxBytes: true,
  signal: true,
} satisfies OptionNames<LoadOptions>;

/** Finds the plugins of a file among those that Elbo has, and those that the caller has. */
export function findPlugins(builtIn: BuiltIn, given: LoadOptions["plugins"] = []): FindPlugin {
  if (!Array.isArray(given)) {
    throw wrongType(ACTION, "'plugins' must be a list of factories", given);
  }
  return findAmong(ACTION, builtIn, given);
}

/**
 * Makes a model of a description and its weights. Nothing is made that is not among the weights,
 * and no part is run.
 *
 * @param description What the model is made of.
 * @param stored Its weights.
 * @param find Finds its plugins.
 * @throws {RangeError} If a plugin is unknown, or the weights are others than it wants.
 * @throws {TypeError} If this is no model.
 */
export function openModel(description: Description, stored: Stored, find: FindPlugin): Vae {
  requireFinite(ACTION, stored);
  try {
    const { data, latent, condition, standardization, progress } = description;
    // The types of the parts were checked when the model was composed; their shapes are again.
    const parts = fromJson(description.parts, find) as unknown as Parameters<typeof compose>[0];
    const shapes = { data, latent, condition, standardization, progress };
    return compose({ ...parts, ...shapes }, stored);
  } catch (error) {
    if (isRefusal(error)) throw error;
    // A plugin met options or shapes that nobody meant to check.
    const found = error instanceof Error ? error.message : error;
    const refusal = wrongType(ACTION, "its plugins must take the options in its file", found);
    throw Object.assign(refusal, { cause: error });
  }
}

/**
 * The files of a model in a folder as a model.
 *
 * @param folder Where they come from, for errors.
 * @param files What {@linkcode modelFiles} made, and perhaps others.
 * @param find Finds its plugins.
 * @throws {RangeError} If the one was not saved with the other.
 */
export async function openFiles(folder: string, files: Files, find: FindPlugin): Promise<Vae> {
  const bytes = (name: string): Uint8Array<ArrayBuffer> => {
    const found = files.get(name);
    if (found !== undefined) return found as Uint8Array<ArrayBuffer>;
    throw outOfRange(ACTION, `'${folder}/${name}' must exist`, "missing");
  };
  const description = parseDescription(ACTION, `'${folder}/${MODEL}'`, bytes(MODEL));
  const parameters = bytes(PARAMETERS), path = `${folder}/${PARAMETERS}`;
  if (description.integrity !== undefined) {
    const found = await integrityOf(parameters);
    if (found !== description.integrity) {
      const requirement = `'${path}' must be the file that '${MODEL}' was saved with`;
      throw outOfRange(ACTION, `${requirement} (its 'integrity')`, found);
    }
  }
  return openModel(description, decodeSafetensors(parameters, path).tensors, find);
}

/** A single file as a model. */
function openSingleFile(name: string, bytes: Uint8Array, find: FindPlugin): Vae {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  if (!Object.hasOwn(metadata, METADATA_KEY)) {
    const requirement =
      `the metadata of '${name}' must have '${METADATA_KEY}', as save() writes it`;
    throw outOfRange(ACTION, requirement, Object.keys(metadata));
  }
  const json = new TextEncoder().encode(metadata[METADATA_KEY]);
  const what = `'${METADATA_KEY}' in '${name}'`;
  return openModel(parseDescription(ACTION, what, json), tensors, find);
}

/**
 * A `load` that knows some factories.
 *
 * @param builtIn Factories by kind and name.
 */
export function loadWith(builtIn: BuiltIn): (
  source: FileSource,
  options?: LoadOptions,
) => Promise<Vae> {
  return async (source, options = {}) => {
    requireOptions(ACTION, options, NAMES);
    const find = findPlugins(builtIn, options.plugins);
    const path = typeof source === "string" || source instanceof URL
      ? await pathOf(source)
      : undefined;
    if (path === undefined || path.endsWith(SINGLE_FILE)) {
      return openSingleFile(nameOfSource(source), await readFrom(ACTION, source, options), find);
    }
    if (options.integrity !== undefined) {
      const requirement = "'integrity' must be given for a single file";
      throw outOfRange(ACTION, requirement, path);
    }
    const { maxBytes } = options;
    const read = async (name: string) =>
      [name, await readWhole(ACTION, `${path}/${name}`, maxBytes)] as const;
    return await openFiles(path, new Map([await read(MODEL), await read(PARAMETERS)]), find);
  };
}
