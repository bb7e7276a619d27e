import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import {
  dataset,
  divergences,
  evaluate,
  fit,
  likelihoods,
  networks,
  posteriors,
  priors,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { categorical } = likelihoods;

await useBackend({ backend: "cpu" });

/** A model of two codes from three classes. */
function model() {
  return vae({
    data: [2],
    latent: 1,
    encoder: networks.mlp({ hidden: [4] }),
    decoder: networks.mlp({ hidden: [4] }),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: categorical({ categories: 3 }),
    divergence: divergences.kl(),
  });
}

const CODES = [[0, 2], [1, 1], [2, 0], [0, 0]];
const MISSING = { support: "category", mask: [[1, 1], [1, 1], [1, 0], [1, 1]] } as const;

Deno.test("categorical() says what it is for and what it wants from the decoder", () => {
  const { kind, name, options, support, categories, heads } = categorical({ categories: 5 });
  assert.deepEqual([kind, name, support, categories], ["likelihood", "categorical", "category", 5]);
  assert.deepEqual(options, { categories: 5 });
  assert.deepEqual(heads([28, 28]), { logits: [28, 28, 5] });
  assert.deepEqual(categorical(options as { categories: number }).options, options);
});

Deno.test("categorical() reads the decoder's output as logits, and has no weights", () => {
  const shapes = { data: [2], latent: [1], support: "category" } as const;
  const { scope, variables } = openParameters(shapes, seed(0));
  const build = categorical({ categories: 2 }).build(scope);
  assert.equal(variables.size, 0);
  tf.tidy(() => {
    const p = build({ logits: tf.tensor3d([[[0, 1], [2, 0]]]) }, AT_REST);
    assert.deepEqual([p.family, p.batch, p.event], ["categorical", 1, [2]]);
    const softplus = (x: number) => Math.log1p(Math.exp(x));
    assertClose(p.logProb(tf.tensor3d([[[1, 1]]])), [-softplus(-1) - softplus(2)], {
      relative: 1e-6,
    });
  });
});

Deno.test("categorical() refuses fewer than two classes", () => {
  for (const categories of [1, 0, -3, 2.5, NaN, "3" as unknown as number]) {
    const shown = typeof categories === "string" ? `'${categories}'` : categories;
    assert.throws(() => categorical({ categories }), {
      name: "RangeError",
      message: "Cannot build likelihood as 'categories' must be an integer of at least 2: " +
        `current value is ${shown}`,
    });
  }
});

Deno.test("fit() and evaluate() refuse codes of classes that the likelihood does not have", async () => {
  const three = model(), data = dataset([...CODES, [1, 3]], { support: "category" });
  const refusal = (action: string) => ({
    name: "RangeError",
    message: `Cannot ${action} as every code must lie between 0 and 2, as likelihood ` +
      "'categorical' has 3 classes: current value is 3",
  });
  const sound = dataset(CODES, { support: "category" });
  await assert.rejects(fit(three, data, { epochs: 1 }), refusal("fit"));
  await assert.rejects(fit(three, sound, { validation: data }), refusal("validate"));
  await assert.rejects(evaluate(three, data, { seed: 0 }), refusal("evaluate"));
  await evaluate(three, data.subset([0, 1, 2, 3]), { seed: 0 });
  three.dispose();
});

Deno.test("fit() passes over codes that are missing", async () => {
  const three = model();
  const data = dataset([[0, 2], [1, 1], [2, 9], [0, 0]], MISSING);
  const { history } = await fit(three, data, { epochs: 2 });
  assert(Number.isFinite(history.at(-1)!.training.objective));
  await assert.rejects(fit(three, dataset([[9, 0]], { support: "category", mask: [[1, 0]] })), {
    message: /between 0 and 2.*current value is 9/,
  });
  three.dispose();
});

Deno.test("fit() ends where rows that are computed turn out to have an unknown code", async () => {
  const three = model();
  const before = [...three.parameters.values()].map((variable) => [...variable.dataSync()]);
  const data = dataset(CODES, { support: "category" })
    .mapped("category", (values) => void (values[0] = 3));
  assert.equal(data.categories, undefined);
  await assert.rejects(fit(three, data, { epochs: 1 }), { name: "NonFiniteError" });
  const after = [...three.parameters.values()].map((variable) => [...variable.dataSync()]);
  assert.deepEqual(after, before);
  three.dispose();
});
