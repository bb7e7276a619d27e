/**
 * The rule that every backend gives the same numbers.
 *
 * @module
 */
import { type BackendName, useBackend } from "../../../core/backend/use_backend.ts";
import { tf } from "../../../core/deps.ts";
import type { Tensor } from "../../../core/types.ts";
import { numbers } from "../numerics/numbers.ts";
import { type Rule, SAMPLED, type Source } from "../rule.ts";
import { withinTime } from "../time_limit.ts";
import { requireFinite, shown, Violation } from "../violation.ts";

/** Numbers by what they are. */
export type Figures = { readonly [what: string]: ArrayLike<number> };

/** What is compared, and where. */
export interface Comparison<Example> {
  /** The backends to compare. */
  readonly backends: readonly BackendName[] | undefined;
  /** What is computed, given what the first backend has computed. */
  readonly compute: (example: Example, first: Figures | undefined) => Figures;
  /** Figures of which some may differ, as a draw on the brink may fall to either side. */
  readonly brittle?: readonly string[];
}

/** Numbers of tensors, by what they are. */
export function figuresOf(
  prefix: string,
  tensors: { readonly [name: string]: Tensor },
): Figures {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [`${prefix} '${name}'`, numbers(tensor)]),
  );
}

/** How far they may be apart: absolute, and relative to the number. */
const TOLERANCE = 2e-3;

/** How many numbers of a brittle figure may differ. */
const BRITTLE = 0.02;

function requireAlike(
  [home, expected]: readonly [string, Figures],
  [other, seen]: readonly [string, Figures],
  brittle: readonly string[],
): void {
  for (const [what, values] of Object.entries(expected)) {
    const others = seen[what] ?? [];
    const differs = (i: number): boolean =>
      !(Math.abs(others[i]! - values[i]!) <= TOLERANCE * (1 + Math.abs(values[i]!)));
    requireFinite(`${what} on ${home}`, Array.from(values));
    const different = Array.from(values, (_, i) => i).filter(differs);
    const allowed = brittle.includes(what) ? BRITTLE * values.length : 0;
    if (others.length === values.length && different.length <= allowed) continue;
    const i = different[0] ?? 0;
    throw new Violation(
      `${what} to be the same on ${home} and ${other}`,
      `${shown(values[i]!)} and ${shown(others[i]!)} at position ${i}`,
    );
  }
}

/** The same figures on every backend. */
export function backends<Drawn, Example>(
  { of, ...source }: Source<Drawn, Example>,
  { backends = ["cpu", "wasm"], compute, brittle = [] }: Comparison<Example>,
): Rule {
  return {
    ...source,
    name: "backends",
    statement: `the numbers are the same on ${backends.join(" and ")}`,
    cost: SAMPLED,
    holds: async (drawn: Drawn, timeLimit: number) => {
      const home = tf.getBackend() as BackendName;
      const results: [string, Figures][] = [];
      try {
        for (const backend of backends) {
          await useBackend({ backend });
          let figures: Figures = {};
          try {
            withinTime(timeLimit, () =>
              tf.tidy(() => {
                figures = compute(of(drawn), results[0]?.[1]);
              }));
          } catch (error) {
            throw error instanceof Violation ? error : new Violation(
              `an answer on ${backend}`,
              `it threw ${error}`,
            );
          }
          results.push([backend, figures]);
        }
      } finally {
        await useBackend({ backend: home });
      }
      for (const result of results.slice(1)) requireAlike(results[0]!, result, brittle);
    },
  };
}
