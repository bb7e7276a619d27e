import assert from "node:assert/strict";
import { dataset, type Leaf } from "../../../mod.ts";
import { tf } from "../../../core/tf.ts";
import type { Settings } from "../../../examples/browser/protocol.ts";
import {
  compose,
  likelihoodsFor,
  networksFor,
  priorsFor,
} from "../../../examples/browser/worker/choices.ts";
import { type Data, partsOf } from "../../../examples/browser/worker/data.ts";
import { readTable } from "../../../examples/browser/worker/table.ts";

const SETTINGS: Settings = {
  likelihood: "normal",
  columns: {},
  conditional: false,
  prior: "standardNormal",
  objective: "elbo",
  beta: 1,
  warmUp: 2,
  freeNats: 0.5,
  samples: 3,
  latent: 2,
  network: "mlp",
  width: 32,
  epochs: 1,
  batchSize: 4,
  learningRate: 1e-3,
  seed: 0,
  backend: "cpu",
};

/** Takes the gradients of one step, and asks that all is finite. */
function takeStep(data: Data, settings: Settings): void {
  const model = compose(data, settings, 1);
  const { conditional } = settings;
  const { train } = partsOf(data, { standardization: undefined, conditional });
  const batch = train.rows([0, 1, 2]);
  tf.tidy(() => {
    const { value } = tf.variableGrads(() => {
      const { surrogate, objective } = model.ledger(batch, { seed: 1, training: true });
      return (surrogate ?? objective) as tf.Scalar;
    });
    assert.ok(Number.isFinite(value.dataSync()[0]), JSON.stringify(settings));
  });
  tf.dispose(Object.values(batch));
  model.dispose();
}

/** The pictures of which there are enough for all parts. */
const PICTURES = 20;

/** Pictures of two shades. */
function pictures(support: Leaf): Data {
  const values = Float32Array.from({ length: PICTURES * 8 * 8 }, (_, i) => (i >> 2) % 2);
  return {
    name: "pictures",
    dataset: dataset(values, { shape: [8, 8], support }),
    values,
    picture: { height: 8, width: 8, channels: 1 },
    classes: { names: ["a", "b"], codes: new Uint8Array(PICTURES).fill(1, PICTURES / 2) },
    notes: [],
  };
}

Deno.test("every likelihood and network that is offered for pictures takes a step", () => {
  for (const leaf of ["binary", "unit"] as const) {
    const data = pictures(leaf);
    for (const { name: likelihood } of likelihoodsFor(leaf)) {
      takeStep(data, { ...SETTINGS, likelihood });
    }
    for (const { name: network } of networksFor(data.dataset.shape)) {
      takeStep(data, { ...SETTINGS, likelihood: "continuousBernoulli", network });
    }
  }
});

Deno.test("every prior and objective that is offered takes a step, with classes and without, for any K", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i / 7},${i},${i % 2},${"abc"[i % 3]}`);
  const table = await readTable(new File([["w,x,y,z", ...rows].join("\n")], "t.csv"));
  const columns = Object.fromEntries(
    table.columns!.map(({ name, likelihoods: [first] }) => [name, first!.name]),
  );
  for (const latent of [1, 2, 5]) {
    const settings = { ...SETTINGS, latent, beta: 2, likelihood: "bernoulli", columns };
    for (const { name: prior, condition } of priorsFor("binary")) {
      for (const conditional of [false, true]) {
        if (condition === (conditional ? "refused" : "needed")) continue;
        for (const objective of ["elbo", "warmUp", "freeBits", "iwae"] as const) {
          takeStep(pictures("binary"), { ...settings, prior, conditional, objective });
        }
      }
    }
    for (const { name: prior, condition } of priorsFor(table.dataset.support)) {
      if (condition !== "needed") takeStep(table, { ...settings, prior });
    }
  }
  assert.ok(priorsFor("binary").some(({ name }) => name === "vampPrior"));
  assert.ok(!priorsFor(table.dataset.support).some(({ name }) => name === "vampPrior"));
});

Deno.test("likelihoodsFor() offers nothing whose support leaves data out", () => {
  const names = (leaf: Leaf): string[] => likelihoodsFor(leaf).map(({ name }) => name);
  assert.equal(names("binary")[0], "bernoulli");
  assert.equal(names("unit")[0], "continuousBernoulli");
  assert.ok(!names("unit").includes("bernoulli"));
  assert.equal(names("count")[0], "negativeBinomial");
  assert.ok(!names("real").some((name) => ["poisson", "beta"].includes(name)));
  assert.deepEqual(names("category"), ["categorical"]);
});
