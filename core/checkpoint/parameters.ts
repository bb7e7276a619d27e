/**
 * Weights alone, under the names and with the axes that another program has for them.
 *
 * @module
 */
import { tf } from "../deps.ts";
import { outOfRange, requireAlive } from "../errors.ts";
import {
  type FilePlace,
  type FileSource,
  nameOfSource,
  readFrom,
  type ReadOptions,
  writeTo,
} from "../files/sources.ts";
import type { Vae } from "../model.ts";
import { type OptionNames, requireOptions } from "../options.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  requireStored,
  requireWanted,
  type StoredTensor,
} from "../safetensors.ts";
import { type InFile, inFile, type ParameterLayout, permuted, undone } from "./layout.ts";
import { requireFinite, storedValues } from "./save.ts";

/** Options of {@linkcode loadParameters}. */
export interface LoadParametersOptions extends ParameterLayout, ReadOptions {
  /**
   * Whether the file may lack parameters, which stay as they are, and hold others.
   * @default false
   */
  readonly partial?: boolean;
}

const LAYOUT = { layout: true, names: true } satisfies OptionNames<ParameterLayout>;

const NAMES = {
  ...LAYOUT,
  partial: true,
  integrity: true,
  maxBytes: true,
  signal: true,
} satisfies OptionNames<LoadParametersOptions>;

/** How each parameter of a model lies in a file. */
function placesOf(
  action: string,
  model: Vae,
  layout: ParameterLayout,
): ReadonlyMap<string, InFile> {
  const { parameters } = model, { names = {} } = layout, paths = [...parameters.keys()];
  if (layout.layout !== undefined && !["elbo", "pytorch"].includes(layout.layout)) {
    throw outOfRange(action, "'layout' must be 'elbo' or 'pytorch'", layout.layout);
  }
  const unknown = Object.keys(names).find((name) =>
    !paths.some((path) => path === name || path.startsWith(`${name}/`))
  );
  if (unknown !== undefined) {
    throw outOfRange(
      action,
      "every key of 'names' must be the path of a parameter or layer",
      unknown,
    );
  }
  return new Map(
    Array.from(parameters, ([path, { shape }]) => [path, inFile(path, shape, layout)] as const),
  );
}

/**
 * Writes the parameters of a model, and nothing else of it, as one safetensors file.
 *
 * @param model The model.
 * @param place The path of the file, a `file:` URL, or `indexedDb(name)`.
 * @param layout The names and axes that the parameters are to have in the file.
 * @throws {RangeError} If the model was disposed, a parameter is not finite, a name is of nothing in
 * the model or would stand twice in the file, or the place cannot be written.
 * @throws {TypeError} If the place is none, or an option is unknown.
 * @throws {DeviceLostError} If the GPU that the model lies on is lost.
 *
 * @example
 * ```ts
 * import { loadParameters, presets, saveParameters } from "@elbo/elbo";
 *
 * const model = presets.vae({ data: [4], latent: 2, hidden: [8] });
 * // In Python: safetensors.torch.load_file("out/vae.safetensors")["encoder.0.weight"]
 * const layout = { layout: "pytorch", names: { "encoder/hidden0": "encoder.0" } } as const;
 * await saveParameters(model, "out/vae.safetensors", layout);
 * await loadParameters(model, "out/vae.safetensors", layout);
 * model.dispose();
 * ```
 */
export async function saveParameters(
  model: Vae,
  place: FilePlace,
  layout: ParameterLayout = {},
): Promise<void> {
  const action = "save parameters";
  requireOptions(action, layout, LAYOUT);
  requireAlive(action, model);
  const places = placesOf(action, model, layout);
  const stored = new Map<string, StoredTensor>();
  for (const [path, { values }] of await storedValues(action, model.parameters)) {
    const { name, shape, view, axes } = places.get(path)!;
    const here = { shape: axes.map((axis) => view[axis]!), values };
    if (stored.has(name)) throw outOfRange(action, "every name in the file must be unique", name);
    stored.set(name, { shape, values: permuted(here, undone(axes)).values });
  }
  const metadata = layout.layout === "pytorch" ? { format: "pt" } : undefined;
  await writeTo(action, place, encodeSafetensors(stored, metadata));
}

/**
 * Reads parameters into a model, from a safetensors file that another program may have written: of
 * PyTorch, say, with `safetensors.torch.save_file(module.state_dict(), path)`.
 *
 * Numbers of 64 bits are rounded to the next float32; integers that float32 cannot hold are refused.
 * The model changes only if all of the file fits.
 *
 * @param model The model.
 * @param source The path or the URL of the file, the file itself as a `Blob` or bytes, or
 * `indexedDb(name)`.
 * @param options The names and axes that the parameters have in the file, and how it is to be read.
 * @throws {RangeError} If the file cannot be read or is damaged, a parameter is missing, has another
 * shape or is not finite, there is one that the model has not, or the model was disposed.
 * @throws {TypeError} If the source is none, or an option is unknown.
 *
 * @example
 * ```ts
 * import { loadParameters, presets, saveParameters } from "@elbo/elbo";
 * import assert from "node:assert/strict";
 *
 * const [from, to] = [0, 1].map((seed) => presets.vae({ data: [4], latent: 2, hidden: [8], seed }));
 * const path = "out/state_dict.safetensors", layout = "pytorch";
 * await saveParameters(from!, path, { layout }); // or safetensors.torch.save_file in Python
 * await loadParameters(to!, path, { layout });
 * const [one, other] = [from!, to!].map(({ parameters }) => parameters.get("encoder/mean/kernel")!);
 * assert.deepEqual(other!.arraySync(), one!.arraySync());
 * // A layer that reads a flattened picture is told so, for PyTorch has its channels first:
 * // names: { "encoder/mean": { name: "to_mean", inputs: [32, 7, 7] } }
 * ```
 */
export async function loadParameters(
  model: Vae,
  source: FileSource,
  options: LoadParametersOptions = {},
): Promise<void> {
  const action = "load parameters";
  requireOptions(action, options, NAMES);
  requireAlive(action, model);
  const places = placesOf(action, model, options);
  const bytes = await readFrom(action, source, options);
  const { tensors } = decodeSafetensors(bytes, nameOfSource(source));
  const names = new Set(Array.from(places.values(), ({ name }) => name));
  if (!options.partial) requireWanted(tensors.keys(), names);
  const found = new Map<string, StoredTensor>();
  for (const [path, { name, shape, view, axes }] of places) {
    if (options.partial && !tensors.has(name)) continue;
    const { values } = requireStored(tensors, name, shape);
    found.set(path, permuted({ shape: view, values }, axes));
  }
  requireFinite(action, found);
  for (const [path, { values }] of found) {
    const variable = model.parameters.get(path)!;
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
}
