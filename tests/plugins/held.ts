/**
 * What the tables of all plugins are made of.
 *
 * @module
 */
import type {
  Law,
  LawOptions,
  NetworkLawOptions,
  ObjectiveLawOptions,
  PluginLawOptions,
} from "../laws/mod.ts";

/** The laws of one plugin, or of what is put in its place. */
export type Held = (options: LawOptions, instead?: unknown) => readonly Law[];

/** The laws of many, each by a name. */
export type HeldPlugins = Readonly<Record<string, Held>>;

/** What the laws of a plugin are told of it; each kind takes its part. */
type Told = PluginLawOptions & NetworkLawOptions & ObjectiveLawOptions;

/** The laws of a plugin, and what they are told of it. */
export function holds<P>(
  lawsOf: (plugin: P, options: Told) => readonly Law[],
  plugin: P,
  told: Told = {},
): Held {
  return (options, instead = plugin) => lawsOf(instead as P, { ...told, ...options });
}
