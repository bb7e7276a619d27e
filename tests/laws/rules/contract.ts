/**
 * The rule that a plugin is what its contract says.
 *
 * @module
 */
import { isPlugin, type Kind } from "../../../core/plugin.ts";
import { fc } from "../deps.ts";
import type { Rule } from "../rule.ts";
import { Violation } from "../violation.ts";

/** How a value is shown. */
function show(value: unknown): string {
  return typeof value === "string"
    ? `'${value}'`
    : typeof value === "object"
    ? JSON.stringify(value) ?? "null"
    : String(value);
}

/** Throws unless something has the members that it must have, each of the type it must be of. */
export function requireMembers(
  given: unknown,
  members: { readonly [name: string]: string },
): void {
  const record = given as Readonly<Record<string, unknown>> | null | undefined;
  for (const [name, type] of Object.entries(members)) {
    const member = record?.[name];
    if (typeof member === type && member !== null && member !== "") continue;
    throw new Violation(`a member '${name}' of type ${type}`, show(member));
  }
}

/** Throws unless a file can hold an option: JSON, plugins, or lists and records of these. */
function requireKept(name: string, option: unknown): void {
  if (isPlugin(option)) return;
  if (typeof option === "object" && option !== null) {
    for (const [key, value] of Object.entries(option)) requireKept(`${name}.${key}`, value);
    return;
  }
  const kept = option === undefined || option === null ||
    ["string", "boolean"].includes(typeof option) || Number.isFinite(option);
  if (!kept) throw new Violation(`'${name}' to be what a file can hold`, show(option));
}

/** A record of the right kind, with the members that this kind has. */
export function contract(
  kind: Kind | undefined,
  plugin: unknown,
  members: { readonly [name: string]: string },
): Rule {
  return {
    name: "contract",
    statement: "it has the members of its kind",
    cases: () => fc.constant(null),
    holds: () => {
      if (kind === undefined) return requireMembers(plugin, { name: "string", ...members });
      requireMembers(plugin, { kind: "string", name: "string", options: "object", ...members });
      requireKept("options", (plugin as { readonly options: unknown }).options);
      const found = (plugin as { readonly kind: string }).kind;
      if (found !== kind) throw new Violation(`a member 'kind' of '${kind}'`, show(found));
    },
  };
}
