import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import {
  dataset,
  distributions,
  divergences,
  fit,
  load,
  networks,
  priors,
  type PriorScope,
  save,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyParts } from "../../helpers/tiny.ts";

const { conditionalNormal } = priors;
const network = networks.mlp({ hidden: [] });

await useBackend({ backend: "cpu" });

const infer: PriorScope["infer"] = () => distributions.standardNormal({ event: [2] });

Deno.test("conditionalNormal() has the mean and the scale that its network says", () => {
  const { scope, variables } = openParameters(
    { data: [4], latent: [2], condition: [3], support: "real" },
    seed(0),
  );
  const prior = conditionalNormal({ network }).build({ ...scope, infer });
  const weight = (name: string) => variables.get(`network/${name}`)!;
  assert.deepEqual(weight("mean/kernel").shape, [3, 2]);
  tf.tidy(() => {
    const condition = tf.tensor2d([[1, 0, 0], [0, 2, 0]]);
    weight("mean/bias").assign(tf.tensor1d([1, -1]));
    weight("rawScale/kernel").assign(tf.zeros([3, 2]));
    const p = prior({ ...AT_REST, condition });
    const mean = tf.add(tf.matMul(condition, weight("mean/kernel") as never), [1, -1]);
    assert.deepEqual([p.family, p.batch, p.event], ["normal", 2, [2]]);
    assertClose(p.mean, mean, { absolute: 1e-6 });
    assertClose(p.scale, tf.fill([2, 2], Math.LN2), { absolute: 2e-6 });
    assert.throws(() => prior(AT_REST), {
      name: "TypeError",
      message: "Cannot run prior 'conditionalNormal' as there must be a condition: " +
        "current value is 'missing'",
    });
  });
  for (const variable of variables.values()) variable.dispose();
});

Deno.test("conditionalNormal() refuses models without a condition, and no network", () => {
  const parts = { ...tinyParts, prior: conditionalNormal({ network }) };
  assert.throws(() => vae({ ...parts, divergence: divergences.kl() }), {
    name: "TypeError",
    message: "Cannot build prior as the model must have a condition for 'conditionalNormal': " +
      "current value is undefined",
  });
  for (const given of [undefined, "mlp", priors.standardNormal()]) {
    assert.throws(
      () => conditionalNormal({ network: given as never }),
      /Cannot build prior as 'network' must be a network plugin/,
    );
  }
});

Deno.test("conditionalNormal() learns where each condition lies, and is saved and loaded", () =>
  inFolder(async (folder) => {
    const model = vae({
      ...tinyParts,
      condition: [2],
      prior: conditionalNormal({ network: networks.mlp({ hidden: [4] }) }),
      divergence: divergences.kl(),
    });
    const rows = Array.from({ length: 32 }, (_, i) => [i % 2, i % 2, 1, 0, 0, 1]);
    const condition = rows.map((_, i) => [i % 2, 1 - i % 2]);
    const data = dataset(rows, { support: "binary", condition });
    const { history } = await fit(model, data, { steps: 5, batchSize: 16 });
    assert.equal(history.at(-1)!.training.terms.at(-1)!.estimator, "closed form");
    const sample = (m: Pick<typeof model, "sample">): unknown =>
      tf.tidy(() =>
        m.sample(2, { seed: 1, mean: true, condition: tf.tensor2d([[1, 0], [0, 1]]) }).arraySync()
      );
    await save(model, folder);
    const same = await load(folder);
    assert.deepEqual(sample(same), sample(model));
    same.dispose();
    model.dispose();
  }));
