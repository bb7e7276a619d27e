/**
 * Holds a plugin to its laws with the npm package, and says how many it keeps.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- its line is read
import { priors, useBackend } from "elbo";
import { checkLaws, priorLaws } from "elbo/laws";

await useBackend({ backend: "wasm" });
const reports = await checkLaws(priorLaws(priors.laplace(), { cases: 5 }));
const count = (wanted: string): number =>
  reports.filter(({ outcome }) => outcome === wanted).length;
console.log(`${count("kept")} kept, ${count("broken")} broken`);
