/**
 * Runs laws without a test runner.
 *
 * @module
 */
import type { Law } from "./law.ts";

/** How a law fared. */
export interface LawReport {
  /** What it is called. */
  readonly name: string;
  /** What must hold, in words. */
  readonly statement: string;
  /** Whether it was kept, broken, or left out. */
  readonly outcome: "kept" | "broken" | "skipped";
  /** Why it was broken or left out. */
  readonly reason?: string;
}

/**
 * Checks one law after the other, whatever becomes of them.
 *
 * @param laws The laws of a plugin.
 * @returns How each of them fared.
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import { checkLaws, priorLaws } from "@elbo/elbo/laws";
 *
 * for (const { name, outcome, reason } of await checkLaws(priorLaws(priors.standardNormal()))) {
 *   console.log(name, outcome, reason ?? "");
 * }
 * ```
 */
export async function checkLaws(laws: readonly Law[]): Promise<readonly LawReport[]> {
  const reports: LawReport[] = [];
  for (const { name, statement, skipped, check } of laws) {
    if (skipped !== undefined) {
      reports.push({ name, statement, outcome: "skipped", reason: skipped });
      continue;
    }
    try {
      await check();
      reports.push({ name, statement, outcome: "kept" });
    } catch (error) {
      reports.push({ name, statement, outcome: "broken", reason: (error as Error).message });
    }
  }
  return reports;
}
