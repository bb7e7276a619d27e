import assert from "node:assert/strict";
import { judge } from "./judge.ts";
import type { Findings } from "./leg.ts";
import type { Losses } from "./runs.ts";

const run: Losses = {
  steps: [-9, -8, -7],
  bound: -6,
  used: [0.5, 2],
  drawn: [0, 1, 1],
  grown: [0, 0],
};

const cpu: Findings = {
  summary: "cpu",
  noise: { uniform: [0.5], normal: [1], gamma: [1], Poisson: [3, 4], permutation: [1, 0] },
  operations: { logGamma: 1e-7 },
  runs: { run },
  laws: { kept: 5, broken: [], unchecked: 0, skipped: {}, left: 0 },
  seconds: [],
};

/** What is wrong with some findings. */
const wrongIn = (changed: Partial<Findings>): readonly string[] =>
  judge({ ...cpu, ...changed }, cpu).flatMap(({ wrong }) => wrong);

const withNoise = (name: string, values: number[]) =>
  wrongIn({ noise: { ...cpu.noise, [name]: values } });
const withRun = (changed: Partial<Losses>) => wrongIn({ runs: { run: { ...run, ...changed } } });

Deno.test("judge() finds nothing wrong with the same numbers, and with what rounding does", () => {
  assert.deepEqual(wrongIn({}), []);
  assert.deepEqual(withNoise("normal", [1 + 1e-6]), []);
  assert.deepEqual(withRun({ steps: [-9, -8.0001, -7], used: [0.5001, 2] }), []);
});

Deno.test("judge() finds noise that is apart", () => {
  assert.match(withNoise("uniform", [0.5 + 2 ** -24])[0]!, /uniform, permutation: 1.0e\+0/);
  assert.match(withNoise("permutation", [0, 1])[0]!, /2.0e\+0 is more than 0/);
  assert.match(withNoise("normal", [1.00001])[0]!, /normal noise: 1.0e-5 is more than 0.000002/);
  assert.match(withNoise("normal", [NaN])[0]!, /normal noise: Infinity/);
  assert.match(withNoise("gamma", [1.1])[0]!, /gamma draws/);
  assert.match(withNoise("Poisson", [3, 5])[0]!, /Poisson draws: 5.0e-1/);
});

Deno.test("judge() finds runs that are apart, end early, learn nothing or leave tensors", () => {
  assert.match(withRun({ steps: [-9, -8.01, -7] })[0]!, /run: 1.1e-3 .*loss of a step/);
  assert.match(withRun({ steps: [-9, NaN, -7] })[0]!, /run: Infinity/);
  assert.match(withRun({ used: [0.6, 2] })[0]!, /run, in use: 6.7e-2/);
  assert.match(withRun({ drawn: [0, 1, 2] })[0]!, /run, draws: 3.3e-1/);
  assert.match(withRun({ bound: -9.5 }).join(), /the ELBO has not risen/);
  assert.match(withRun({ grown: [2, 0] })[0]!, /2 tensors are left by epochs/);
  assert.match(wrongIn({ runs: { run: "Error: no kernel" } })[0]!, /run: Error: no kernel/);
  assert.match(wrongIn({ runs: {} })[0]!, /it was not run/);
});

Deno.test("judge() finds operations that are off, and laws that are broken", () => {
  assert.match(wrongIn({ operations: { logGamma: 1e-3 } })[0]!, /logGamma: operations: 1.0e-3/);
  const laws = { ...cpu.laws, broken: ["priors.mine: breaks the law"], left: 3 };
  assert.deepEqual(wrongIn({ laws }), [...laws.broken, "laws: 3 tensors are left"]);
});
