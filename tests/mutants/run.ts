/**
 * Which law catches which mutant: one line each, and a summary as JSON in the last line.
 *
 *     deno task laws:mutants [--only <part of a suite's or a bug's name>] [--cases 50] [--reasons]
 *
 * `--cases` is for the mutants of our own plugins, which are many.
 * It exits with 1 if a mutant keeps all laws, or if what it is a mutant of breaks one.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- a script is there to be read
import { parseArgs } from "node:util";
import { useBackend } from "../../mod.ts";
import { checkLaws, type LawReport } from "../laws/mod.ts";
import type { Mutant } from "./mutant.ts";
import { suites } from "./suites.ts";

const { values: { only, cases, reasons } } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    cases: { type: "string", default: "50" },
    reasons: { type: "boolean", default: false },
  },
});

await useBackend({ backend: "wasm" });

const wanted = (suite: string, name: string): boolean => `${suite}: ${name}`.includes(only);

/** The laws that something breaks. */
async function broken(laws: Mutant["laws"]): Promise<readonly LawReport[]> {
  // Others may be at work too: that a plugin is slow is no bug of it here.
  const reports = await checkLaws(laws({ cases: Number(cases), timeLimit: 30_000 }));
  return reports.filter(({ outcome }) => outcome === "broken");
}

const uncaught: string[] = [], unsound: string[] = [];
let planted = 0;

for (const { name: suite, sound, mutants } of suites) {
  const chosen = mutants.filter(({ bug }) => wanted(suite, bug));
  if (chosen.length === 0) continue;
  console.log(`\n${suite}`);
  for (const { name, laws } of sound) {
    const reports = await broken(laws);
    if (reports.length > 0) unsound.push(`${suite}: ${name}`);
    for (const { reason } of reports) console.log(`✗ sound, yet: ${reason}`);
    if (reports.length === 0) console.log(`· ${name} keeps all laws`);
  }
  for (const { bug, laws } of chosen) {
    planted++;
    const reports = await broken(laws), names = reports.map(({ name }) => name);
    if (names.length === 0) uncaught.push(`${suite}: ${bug}`);
    console.log(names.length > 0 ? `✓ ${bug} — ${names.join(", ")}` : `✗ ${bug} — NOT CAUGHT`);
    if (reasons) { for (const { reason } of reports) console.log(`    ${reason}`); }
  }
}

for (const name of unsound) {
  console.log(`✗ ${name} is sound but breaks a law: what is caught there says nothing`);
}
console.log(JSON.stringify({ planted, caught: planted - uncaught.length, uncaught }));
if (uncaught.length > 0 || unsound.length > 0) Deno.exit(1);
