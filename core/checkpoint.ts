/**
 * A model in a folder: `model.json` says what it is made of, `parameters.safetensors` holds its
 * weights. Names, options and numbers only, never code.
 *
 * @module
 */
import type { Progress } from "./context.ts";
import { tf } from "./deps.ts";
import { outOfRange, requireAlive, wrongType } from "./errors.ts";
import type { Vae } from "./model.ts";
import { isPlugin, type Kind, type Option, type Plugin } from "./plugin.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  requireTensors,
  type StoredTensor,
} from "./safetensors.ts";
import { accepts, type Support } from "./support.ts";
import type { Json, Shape } from "./types.ts";
import { vae } from "./vae.ts";

/** Makes a plugin from its options. */
export type Factory = (options: never) => Plugin;

/** Factories by the names that their plugins bear. */
export type Factories = { readonly [name: string]: Factory };

/** Options of {@linkcode loadWith}. */
export interface LoadOptions {
  /**
   * The factories of plugins that Elbo does not have, by kind and name:
   * `{ prior: { mine }, likelihood: { mine } }`.
   */
  readonly plugins?: { readonly [kind in Kind]?: Factories };
}

/** What `model.json` holds. */
interface ModelFile {
  readonly format: "elbo";
  readonly version: 1;
  readonly data: Shape;
  readonly latent: Shape;
  readonly condition?: Shape | undefined;
  readonly progress: Progress;
  readonly parts: { readonly [part: string]: Json };
}

const MODEL = "model.json";
const PARAMETERS = "parameters.safetensors";

/** A plugin among options is kept under this key, which no option may have. */
const PLUGIN = "$plugin";

function toJson(option: Option): Json {
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

/** Makes a plugin of some kind and name from its options. */
type Make = (kind: Kind, name: string, options: Option) => Plugin;

function fromJson(json: Json, make: Make): Option {
  if (Array.isArray(json)) return json.map((item) => fromJson(item, make));
  if (typeof json !== "object" || json === null) return json as Option;
  const record = Object.entries(json);
  if (!(PLUGIN in json)) {
    return Object.fromEntries(record.map(([name, value]) => [name, fromJson(value, make)]));
  }
  const { [PLUGIN]: name, kind, options } = json as { [key: string]: Json };
  return make(kind as Kind, name as string, fromJson(options ?? {}, make));
}

/** Writes a file so that nobody ever sees half of it: under another name first. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const { rename, writeFile } = await import("node:fs/promises");
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}

/**
 * Saves a model to a folder, which is made if need be. In Deno this needs `--allow-write` there.
 *
 * @param model The model.
 * @param folder The path of the folder.
 * @throws {TypeError} If an option of a plugin is nothing that JSON can hold.
 * @throws {RangeError} If the model was disposed.
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
 * await save(model, "out/model");
 * const same = narrow(await load("out/model"), "binary");
 * assert.equal(same.summary(), model.summary());
 * ```
 */
export async function save(model: Vae, folder: string): Promise<void> {
  requireAlive("save", model);
  const { mkdir } = await import("node:fs/promises");
  const { data, latent, condition, parts } = model.spec;
  const file: ModelFile = {
    format: "elbo",
    version: 1,
    data,
    latent,
    condition,
    progress: model.progress,
    parts: toJson(parts) as ModelFile["parts"],
  };
  const tensors = new Map<string, StoredTensor>();
  for (const [path, variable] of model.parameters) {
    const values = await variable.data<"float32">();
    tensors.set(path, { shape: variable.shape, values });
  }
  await mkdir(folder, { recursive: true });
  await writeWhole(`${folder}/${PARAMETERS}`, encodeSafetensors(tensors));
  await writeWhole(
    `${folder}/${MODEL}`,
    new TextEncoder().encode(`${JSON.stringify(file, undefined, 2)}\n`),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseModel(text: string, path: string): ModelFile {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw outOfRange("load model", `'${path}' must be JSON`, text);
  }
  if (!isRecord(file) || file.format !== "elbo" || file.version !== 1) {
    const found = isRecord(file) ? [file.format, file.version] : file;
    throw outOfRange("load model", `'${path}' must say format 'elbo' and version 1`, found);
  }
  const { parts, progress } = file;
  const counts = isRecord(progress) ? [progress.step, progress.epoch] : [];
  if (!isRecord(parts) || counts.length === 0 || !counts.every(Number.isInteger)) {
    throw outOfRange("load model", `'${path}' must have 'parts' and 'progress'`, Object.keys(file));
  }
  return file as unknown as ModelFile;
}

/** Reads a file, and says in our words if it is not there. */
async function read(path: string): Promise<Uint8Array> {
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOENT") throw error;
    throw outOfRange("load model", `'${path}' must exist`, "missing");
  }
}

/**
 * A `load` that knows some factories.
 *
 * @param builtIn Factories by kind and name.
 */
export function loadWith(builtIn: { readonly [kind in Kind]: Factories }): (
  folder: string,
  options?: LoadOptions,
) => Promise<Vae> {
  return async (folder, { plugins = {} } = {}) => {
    const path = `${folder}/${MODEL}`;
    const file = parseModel(new TextDecoder().decode(await read(path)), path);
    const make: Make = (kind, name, options) => {
      for (const factories of [builtIn, plugins]) {
        const known = Object.hasOwn(factories, kind) ? factories[kind] ?? {} : {};
        if (Object.hasOwn(known, name)) {
          return (known[name] as unknown as (options: Option) => Plugin)(options);
        }
      }
      const requirement =
        `${kind} '${name}' must be passed as { plugins: { ${kind}: { ${name} } } }`;
      throw outOfRange("load model", requirement, plugins);
    };
    const tensors = decodeSafetensors(await read(`${folder}/${PARAMETERS}`));
    // The types of the parts were checked when the model was composed; their shapes are again.
    const { data, latent, condition, progress } = file;
    const parts = fromJson(file.parts, make) as unknown as Parameters<typeof vae>[0];
    const model = vae({ ...parts, data, latent, condition, progress });
    try {
      requireTensors(tensors, model.parameters);
    } catch (error) {
      model.dispose();
      throw error;
    }
    for (const [name, { shape, values }] of tensors) {
      tf.tidy(() => model.parameters.get(name)!.assign(tf.tensor(values, [...shape])));
    }
    return model;
  };
}

/**
 * A model of some support as a model of a particular one, as `fit` wants it.
 *
 * @param model A model, as it was loaded.
 * @param support The support that its likelihood is expected to have.
 * @returns The same model.
 * @throws {TypeError} If its likelihood has another support.
 *
 * @example
 * ```ts
 * import { narrow, type Vae } from "@elbo/elbo";
 *
 * const forBinaryData = (model: Vae): Vae<"binary"> => narrow(model, "binary");
 * ```
 */
export function narrow<const S extends Support>(model: Vae, support: S): Vae<S> {
  if (accepts(model.support, support) && accepts(support, model.support)) {
    return model as Vae<S>;
  }
  const shown = typeof support === "string" ? `'${support}'` : JSON.stringify(support);
  throw wrongType("narrow model", `its likelihood must have support ${shown}`, model.support);
}
