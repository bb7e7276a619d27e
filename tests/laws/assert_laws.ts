/**
 * Throws unless all laws are kept.
 *
 * @module
 */
import { checkLaws } from "./check_laws.ts";
import type { Law } from "./law.ts";

/**
 * Checks all laws, and throws one error that says all about those that are broken.
 *
 * @param laws The laws of a plugin.
 * @throws {Error} If one of them is broken.
 *
 * @example
 * ```ts
 * import { priors } from "@elbo/elbo";
 * import { assertLaws, priorLaws } from "@elbo/elbo/laws";
 *
 * await assertLaws(priorLaws(priors.standardNormal(), { cases: 5 }));
 * ```
 */
export async function assertLaws(laws: readonly Law[]): Promise<void> {
  const broken = (await checkLaws(laws)).filter(({ outcome }) => outcome === "broken");
  if (broken.length > 0) throw new Error(broken.map(({ reason }) => reason).join("\n\n"));
}
