/**
 * What every plugin says about itself.
 *
 * @module
 */
import { wrongType } from "./errors.ts";
import type { Json } from "./types.ts";

/** The axes of choice that a plugin can stand on. */
export type Kind =
  | "network"
  | "posterior"
  | "prior"
  | "flow"
  | "likelihood"
  | "divergence"
  | "objective"
  | "schedule"
  | "closed form";

/** What an option may hold: JSON, another plugin, or lists and records of these. */
export type Option = Json | Plugin | undefined | readonly Option[] | {
  readonly [key: string]: Option;
};

/**
 * A part of a model: a record of a kind, a name, options and pure functions.
 *
 * `factory(plugin.options)` is the plugin again, so that kind, name and options are all that a
 * file has to keep of it.
 */
export interface Plugin {
  /** The axis of choice that it stands on. */
  readonly kind: Kind;
  /** The name of the factory that made it. */
  readonly name: string;
  /** The options that make it again. */
  readonly options: { readonly [option: string]: Option };
}

/** Whether an option is itself a plugin. */
export function isPlugin(value: unknown): value is Plugin {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    "kind" in value &&
    "name" in value &&
    "options" in value
  );
}

/** Throws unless a value is a plugin of some kind: made, not only named. */
export function requirePlugin(action: string, name: string, kind: Kind, value: unknown): void {
  if (isPlugin(value) && value.kind === kind) return;
  throw wrongType(action, `'${name}' must be a ${kind} plugin`, value);
}

/** An option as one would write it, for instance `mlp({ hidden: [400] })`. */
export function describe(option: Option): string {
  if (isPlugin(option)) {
    const given = Object.entries(option.options).filter(([, value]) => value !== undefined);
    if (given.length === 0) return `${option.name}()`;
    return `${option.name}({ ${
      given
        .map(([name, value]) => `${name}: ${describe(value)}`)
        .join(", ")
    } })`;
  }
  if (Array.isArray(option)) return `[${option.map(describe).join(", ")}]`;
  if (typeof option === "object" && option !== null) {
    return `{ ${
      Object.entries(option)
        .map(([name, value]) => `${name}: ${describe(value)}`)
        .join(", ")
    } }`;
  }
  return JSON.stringify(option);
}
