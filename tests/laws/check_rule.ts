/**
 * Checks a rule on many cases, and says all about the smallest one that breaks it.
 *
 * @module
 */
import { seed as toSeed } from "../../core/random.ts";
import { fc } from "./deps.ts";
import { withReads } from "./reading.ts";
import type { Rule } from "./rule.ts";
import { withinTime } from "./time_limit.ts";
import { shown, TooLong, Violation } from "./violation.ts";

/** How a rule is checked. */
export interface CheckOptions {
  readonly seed: number;
  readonly cases: number;
  readonly timeLimit: number;
  /** The path to one case. */
  readonly path?: string | undefined;
}

/** How many smaller cases of cost 1 are tried once a case has failed. */
const SHRINKS = 100;

/** A case as it is printed: every number with six digits. */
function show(example: unknown): string {
  return JSON.stringify(
    example,
    (_, value) => typeof value === "number" ? Number(shown(value)) : value,
  );
}

function seenOf(error: unknown): { expected: string; seen: string } {
  if (error instanceof Violation) return error;
  const seen = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { expected: "an answer", seen: `it threw ${seen}` };
}

/** Checks a rule on as many cases as it is told. */
export async function checkRule(
  subject: string,
  rule: Rule,
  { seed, cases, timeLimit, path }: CheckOptions,
): Promise<void> {
  const { name, statement, cost = 1 } = rule;
  function broken(error: unknown, lines: readonly string[]): Error {
    const { expected, seen } = seenOf(error);
    const text = [
      `${subject} breaks the law '${name}': ${statement}`,
      ...lines,
      `expected        ${expected}`,
      `seen            ${seen}`,
    ];
    return new Error(text.join("\n  "), { cause: error });
  }

  let arbitrary: fc.Arbitrary<unknown>;
  try {
    arbitrary = await withReads(() => withinTime(timeLimit, rule.cases));
  } catch (error) {
    rule.end?.();
    throw broken(error, []);
  }
  const shrinks = Math.ceil(SHRINKS / cost);
  let failures = 0;
  const property = fc.asyncProperty(arbitrary, async (example) => {
    // What never returns is not asked again, and what fails not for ever.
    if (failures >= shrinks) return;
    try {
      await withReads(() => withinTime(timeLimit, () => rule.holds(example as never, timeLimit)));
    } catch (error) {
      if (!fc.PreconditionFailure.isFailure(error)) failures++;
      if (error instanceof TooLong) failures = shrinks;
      throw error;
    }
    if (failures > 0) failures++;
  });
  try {
    const outcome = await fc.check(property, {
      seed: toSeed(seed).split(name).key[0] | 0,
      numRuns: Math.ceil(cases / cost),
      ...(path === undefined ? {} : { path }),
    });
    if (!outcome.failed) return;
    if (outcome.counterexample === null) {
      throw broken(new Violation("cases that can be judged", "too few of them"), []);
    }
    throw broken(outcome.errorInstance, [
      `case            ${show(outcome.counterexample[0])}`,
      `                number ${outcome.numRuns} of those drawn, shrunk ${outcome.numShrinks} times`,
      `replay with     { seed: ${seed}, replay: { "${name}": "${outcome.counterexamplePath}" } }`,
    ]);
  } finally {
    rule.end?.();
  }
}
