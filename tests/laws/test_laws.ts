/**
 * Runs laws under `Deno.test`.
 *
 * @module
 */
import type { Law } from "./law.ts";

/**
 * A test with one step for every law; those that are left out are listed with the reason. Other test
 * runners call `assertLaws`.
 *
 * @param name What is tested.
 * @param laws Its laws.
 *
 * @example
 * ```ts ignore
 * import { priors } from "@elbo/elbo";
 * import { priorLaws, testLaws } from "@elbo/elbo/laws";
 *
 * testLaws("standardNormal() keeps the laws of priors", priorLaws(priors.standardNormal()));
 * ```
 */
export function testLaws(name: string, laws: readonly Law[]): void {
  Deno.test(name, async (t) => {
    for (const { name, statement, skipped, check } of laws) {
      const title = skipped === undefined ? `${name}: ${statement}` : `${name} (${skipped})`;
      await t.step({ name: title, ignore: skipped !== undefined, fn: check });
    }
  });
}
