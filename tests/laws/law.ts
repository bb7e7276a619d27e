/**
 * A law: something that holds of every sound plugin, as a check for any test runner.
 *
 * @module
 */
import type { BackendName } from "../../core/backend/use_backend.ts";
import { outOfRange, requirePositiveInteger } from "../../core/errors.ts";
import { seed as toSeed } from "../../core/random.ts";
import { checkRule } from "./check_rule.ts";
import type { Rule } from "./rule.ts";

/** Something that must hold of a plugin. */
export interface Law {
  /** What it is called: the key of `skip` and `replay`. */
  readonly name: string;
  /** What must hold, in words. */
  readonly statement: string;
  /** Why it is left out, where it is. */
  readonly skipped?: string;
  /** Resolves if it holds, and rejects with an error that says all about the case where not. */
  readonly check: () => Promise<void>;
}

/** What the laws of every kind can be told. */
export interface LawOptions {
  /**
   * Where the cases come from.
   * @default 0
   */
  readonly seed?: number;
  /**
   * How many cases a law is checked on; laws that draw many samples take a fifth of them.
   * @default 50
   */
  readonly cases?: number;
  /**
   * How long one case may take, in milliseconds.
   * @default 5000
   */
  readonly timeLimit?: number;
  /**
   * The backends whose numbers are to agree.
   * @default ["cpu", "wasm"]
   */
  readonly backends?: readonly BackendName[];
  /** Laws to leave out, each with a written reason, which is printed in its place. */
  readonly skip?: { readonly [law: string]: string };
  /** Laws to check on one case alone, by the path that a failure has printed. */
  readonly replay?: { readonly [law: string]: string };
}

/** The laws that some rules make, for one plugin. */
export function lawsOf(
  subject: string,
  rules: readonly Rule[],
  { seed = 0, cases = 50, timeLimit = 5000, skip = {}, replay, backends }: LawOptions,
): readonly Law[] {
  const action = `hold ${subject} to its laws`;
  const names = rules.map((rule) => rule.name);
  toSeed(seed);
  requirePositiveInteger(action, "cases", cases);
  requirePositiveInteger(action, "timeLimit", timeLimit);
  const known = backends?.every((name) => ["cpu", "wasm", "webgl", "webgpu"].includes(name));
  if (backends !== undefined && (!known || new Set(backends).size < 2)) {
    throw outOfRange(
      action,
      "'backends' must be two or more of cpu, wasm, webgl, webgpu",
      backends,
    );
  }
  for (const name of [...Object.keys(skip), ...Object.keys(replay ?? {})]) {
    if (names.includes(name)) continue;
    throw outOfRange(action, `a law must be one of ${names.join(", ")}`, name);
  }
  for (const [name, reason] of Object.entries(skip)) {
    if (typeof reason === "string" && reason.trim() !== "") continue;
    throw outOfRange(action, `'${name}' must be skipped with a written reason`, reason);
  }
  return rules
    .filter(({ name }) => replay === undefined || name in replay)
    .map((rule) => {
      const { name, statement } = rule, skipped = skip[name];
      if (skipped !== undefined) {
        return { name, statement, skipped, check: () => Promise.resolve() };
      }
      const path = replay?.[name];
      return {
        name,
        statement,
        check: () => checkRule(subject, rule, { seed, cases, timeLimit, path }),
      };
    });
}
