/**
 * What a model is made of, as JSON: names, options and numbers, never code.
 *
 * @module
 */
import type { Progress } from "../context.ts";
import type { Standardization } from "../data/dataset.ts";
import { outOfRange, wrongType } from "../errors.ts";
import type { Vae } from "../model.ts";
import { isPlugin, type Kind, type Option, type Plugin } from "../plugin.ts";
import type { Json, Shape } from "../types.ts";
import { VERSION } from "../version.ts";
import { isRecord, parseJson } from "../files/json.ts";

/** What `model.json` holds. */
export interface Description {
  readonly format: "elbo";
  /** Of the format: a reader knows those up to its own. */
  readonly version: 1;
  /** The version of Elbo that wrote it. */
  readonly elbo?: string;
  readonly data: Shape;
  readonly latent: Shape;
  readonly condition?: Shape | undefined;
  readonly standardization?: Standardization | undefined;
  readonly progress: Progress;
  /** What the file of its parameters must hash to, where that is a file of its own. */
  readonly integrity?: string | undefined;
  readonly parts: { readonly [part: string]: Json };
}

/** A plugin among options is kept under this key, which no option may have. */
const PLUGIN = "$plugin";

/** The size of the largest description that is read. */
const LARGEST = 2 ** 24;

/** Options as JSON; {@linkcode fromJson} is the way back. */
export function toJson(option: Option): Json {
  if (isPlugin(option)) {
    return { [PLUGIN]: option.name, kind: option.kind, options: toJson(option.options) };
  }
  if (Array.isArray(option)) return option.map(toJson);
  if (typeof option === "object" && option !== null) {
    const given = Object.entries(option).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given.map(([name, value]) => [name, toJson(value)]));
  }
  const lasting = option === null || typeof option === "string" || typeof option === "boolean" ||
    Number.isFinite(option);
  if (!lasting) throw wrongType("save", "every option must be what JSON can hold", option);
  return option as Json;
}

/** What a model is made of, and perhaps what its parameters hash to. */
export function describeModel(model: Vae, integrity?: string): Description {
  const { data, latent, condition, standardization, parts } = model.spec;
  return {
    format: "elbo",
    version: 1,
    elbo: VERSION,
    data,
    latent,
    condition,
    standardization,
    progress: model.progress,
    integrity,
    parts: toJson(parts) as Description["parts"],
  };
}

/** Whether something says how far a training came. */
function isProgress(value: unknown): value is Progress {
  if (!isRecord(value)) return false;
  const { step, epoch, steps = 0, datasetSize = 0 } = value;
  return [step, epoch, steps, datasetSize].every((count) =>
    Number.isInteger(count) && count as number >= 0
  );
}

/**
 * Reads a description.
 *
 * @param action The attempted action, for errors.
 * @param what Where the bytes come from.
 * @param bytes JSON in UTF-8.
 * @throws {RangeError} If it is no description of a version that is known.
 */
export function parseDescription(action: string, what: string, bytes: Uint8Array): Description {
  if (bytes.length > LARGEST) {
    throw outOfRange(action, `${what} must have at most ${LARGEST} bytes`, bytes.length);
  }
  const file = parseJson(action, what, bytes) as unknown;
  if (!isRecord(file) || file.format !== "elbo" || file.version !== 1) {
    const found = isRecord(file) ? [file.format, file.version] : file;
    throw outOfRange(action, `${what} must say format 'elbo' and version 1`, found);
  }
  if (!isRecord(file.parts) || !isProgress(file.progress)) {
    throw outOfRange(action, `${what} must have 'parts' and 'progress'`, Object.keys(file));
  }
  return file as unknown as Description;
}

/** Finds the plugin of some kind and name that has some options. */
export type FindPlugin = (kind: Kind, name: string, options: Option) => Plugin;

/** Options as they were before they became JSON. */
export function fromJson(json: Json, find: FindPlugin): Option {
  if (Array.isArray(json)) return json.map((item) => fromJson(item, find));
  if (typeof json !== "object" || json === null) return json as Option;
  if (!Object.hasOwn(json, PLUGIN)) {
    const record = Object.entries(json);
    return Object.fromEntries(record.map(([name, value]) => [name, fromJson(value, find)]));
  }
  const { [PLUGIN]: name, kind, options } = json as { [key: string]: Json };
  if (typeof name !== "string" || typeof kind !== "string") {
    throw outOfRange("load model", "every plugin must have a kind and a name", [kind, name]);
  }
  return find(kind as Kind, name, fromJson(options ?? {}, find));
}
