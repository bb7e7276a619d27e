import assert from "node:assert/strict";
import { describe, isPlugin, type Option } from "../../core/plugin.ts";
import { divergences, likelihoods, networks, posteriors, priors, schedules } from "../../mod.ts";

Deno.test("isPlugin() knows the plugins of every kind", () => {
  const plugins = [
    networks.mlp(),
    posteriors.diagonalNormal(),
    priors.standardNormal(),
    likelihoods.normal({ scale: "perOutput" }),
    divergences.kl(),
    divergences.normalNormal,
    schedules.constant({ value: 1 }),
  ];
  for (const plugin of plugins) assert.equal(isPlugin(plugin), true, plugin.name);
});

Deno.test("isPlugin() knows no other values", () => {
  const others: unknown[] = [null, undefined, 1, "mlp", [], () => 1, {}];
  others.push({ kind: "network", name: "mlp" }, { name: "mlp", options: {} });
  others.push({ kind: "network", options: {} }, Object.assign([], networks.mlp()));
  for (const other of others) assert.equal(isPlugin(other), false, JSON.stringify(other));
});

Deno.test("describe() writes plugins as one would write them", () => {
  assert.equal(describe(likelihoods.bernoulli()), "bernoulli()");
  assert.equal(
    describe(networks.mlp({ hidden: [400, 20] })),
    'mlp({ hidden: [400, 20], activation: "relu" })',
  );
  assert.equal(
    describe(divergences.betaKl({
      beta: schedules.linear({ from: 0, to: 1, steps: 10 }),
      divergence: divergences.closedFormKl(),
    })),
    "betaKl({ beta: linear({ from: 0, to: 1, steps: 10 }), " +
      "divergence: closedFormKl({ closedForm: normalNormal() }) })",
  );
  assert.equal(
    describe(divergences.kl({
      closedForms: [divergences.normalStandardNormal, divergences.normalNormal],
    })),
    "kl({ closedForms: [normalStandardNormal(), normalNormal()] })",
  );
});

Deno.test("describe() writes options of every form", () => {
  assert.equal(describe("a"), '"a"');
  assert.equal(describe(0.5), "0.5");
  assert.equal(describe(null), "null");
  assert.equal(describe([]), "[]");
  assert.equal(describe([1, [true, "b"]]), '[1, [true, "b"]]');
  assert.equal(describe({ a: 1, b: { c: [2] } }), "{ a: 1, b: { c: [2] } }");
});

Deno.test("describe() leaves out the options that are undefined", () => {
  const plugin = (options: Record<string, Option>) =>
    ({ kind: "network", name: "net", options }) as const;
  assert.equal(describe(plugin({ a: undefined, b: 1 })), "net({ b: 1 })");
  assert.equal(describe(plugin({ a: undefined })), "net()");
  assert.equal(describe(plugin({ inner: plugin({ a: undefined }) })), "net({ inner: net() })");
});
