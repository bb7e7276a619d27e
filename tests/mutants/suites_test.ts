import assert from "node:assert/strict";
import { held } from "../plugins/laws.ts";
import { suites } from "./suites.ts";

/** Whose mutants are made in pieces of their own. */
const IN_PIECES = ["distributions.normal", "distributions.bernoulli"];

Deno.test("every plugin has mutants, each with a bug of its own", () => {
  const axes = /^(distributions|flows|posteriors|priors|likelihoods|divergences|objectives)\./;
  const plugins = Object.keys(held).filter((name) => axes.test(name))
    .map((name) => name.split(", ")[0]!);
  const planted = new Set(suites.map(({ name }) => name.split(", ")[0]!));
  const missing = [...new Set(plugins)].filter((name) => !planted.has(name));
  assert.deepEqual(missing, IN_PIECES);
  for (const { name, sound, mutants } of suites) {
    assert(sound.length > 0 && mutants.length > 0, name);
    const bugs = mutants.map(({ bug }) => bug);
    assert.equal(new Set(bugs).size, bugs.length, name);
  }
});
