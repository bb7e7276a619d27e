/**
 * How a plugin that a file names is made again: by a factory that is known, never by code from the
 * file.
 *
 * @module
 */
import { outOfRange } from "../errors.ts";
import { isPlugin, type Kind, type Plugin } from "../plugin.ts";
import type { FindPlugin } from "./description.ts";

/** Makes a plugin from its options. */
export type Factory = (options: never) => Plugin;

/** Factories by name, and plugins that have no options. */
export type BuiltIn = { readonly [kind in Kind]: { readonly [name: string]: Factory | Plugin } };

/** What an item of `plugins` makes, if it makes the plugin that is wanted. */
function make(item: Factory | Plugin, kind: Kind, name: string, options: unknown) {
  const plugin = typeof item === "function" ? item(options as never) : item;
  return isPlugin(plugin) && plugin.kind === kind && plugin.name === name ? plugin : undefined;
}

/** What an item of `plugins` is called in errors. */
function nameOf(item: Factory | Plugin): string {
  return item?.name || "a function without a name";
}

/**
 * Finds plugins among factories.
 *
 * One that was given is asked first where it bears the name of the plugin; then the built-in one;
 * then all others that were given, for a factory may bear another name than what it makes. One
 * that throws on the options of another plugin is passed over.
 *
 * @param action The attempted action, for errors.
 * @param builtIn What Elbo has.
 * @param given What the caller has.
 */
export function findAmong(
  action: string,
  builtIn: BuiltIn,
  given: readonly (Factory | Plugin)[],
): FindPlugin {
  return (kind, name, options) => {
    const known = Object.hasOwn(builtIn, kind) ? builtIn[kind] : {};
    const own = Object.hasOwn(known, name) ? [known[name]!] : [];
    const namesakes = given.filter((item) => item?.name === name);
    let failure: unknown;
    for (const item of new Set([...namesakes, ...own, ...given])) {
      try {
        const plugin = make(item, kind, name, options);
        if (plugin !== undefined) return plugin;
      } catch (error) {
        // The options are most likely those of a factory that bears the name.
        if (namesakes.includes(item) || own.includes(item)) failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    const requirement = `${kind} '${name}' must be passed as { plugins: [${name}] }`;
    throw outOfRange(action, requirement, given.map(nameOf));
  };
}
