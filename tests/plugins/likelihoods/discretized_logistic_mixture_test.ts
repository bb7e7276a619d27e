import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import {
  dataset,
  divergences,
  fit,
  likelihoods,
  load,
  narrow,
  networks,
  save,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyParts } from "../../helpers/tiny.ts";

const { discretizedLogisticMixture } = likelihoods;

await useBackend({ backend: "cpu" });

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

Deno.test("discretizedLogisticMixture() mixes the levels of each element", () => {
  const likelihood = discretizedLogisticMixture({ components: 2, levels: 3 });
  const { scope, variables } = openParameters(
    { data: [1], latent: [1], support: "unit" },
    seed(0),
  );
  const build = likelihood.build(scope);
  assert.equal(variables.size, 0);
  tf.tidy(() => {
    const logits = [0, 1], location = [-1, 0.5], rawScale = [0, -1];
    const outputs = { logits, location, rawScale };
    const p = build(
      Object.fromEntries(
        Object.entries(outputs).map(([name, row]) => [name, tf.tensor3d([[row]])]),
      ) as never,
      AT_REST,
    );
    assert.deepEqual([p.batch, p.event], [1, [1]]);
    // P(½) = σ((¾ − μ)/s) − σ((¼ − μ)/s), with w = ½ and s = softplus/2 + w/20.
    const masses = location.map((m, c) => {
      const mean = (m + 1) / 2, scale = Math.log1p(Math.exp(rawScale[c]!)) / 2 + 0.025;
      return sigmoid((0.75 - mean) / scale) - sigmoid((0.25 - mean) / scale);
    });
    const expected = Math.log(masses[0]! * sigmoid(-1) + masses[1]! * sigmoid(1));
    assertClose(p.logProb(tf.fill([1, 1, 1], 0.5)), [expected], { absolute: 1e-5 });
  });
});

Deno.test("discretizedLogisticMixture() asks for pictures where the data are pictures", () => {
  const { heads } = discretizedLogisticMixture({ components: 2 });
  assert.deepEqual(heads([6]).location, [6, 2]);
  assert.deepEqual(heads([4, 5]).rawScale, [4, 5, 2]);
  assert.deepEqual(heads([4, 5, 3]).logits, [4, 5, 6]);
  const model = vae({
    ...tinyParts,
    data: [4, 5, 3],
    decoder: networks.deconv({ channels: [4] }),
    likelihood: discretizedLogisticMixture({ components: 2, levels: 16 }),
    divergence: divergences.kl(),
  });
  tf.tidy(() => {
    assert.deepEqual(model.reconstruct(tf.zeros([2, 4, 5, 3])).shape, [2, 4, 5, 3]);
    const levels = tf.mul(model.sample(2, { seed: 1 }), 15);
    assertClose(levels, tf.round(levels), { absolute: 1e-5 });
  });
  model.dispose();
});

Deno.test("discretizedLogisticMixture() is made again from its options, and refuses others", () => {
  const { options } = discretizedLogisticMixture({ components: 3, levels: 16 });
  assert.deepEqual(options, { components: 3, levels: 16 });
  assert.deepEqual(discretizedLogisticMixture(options).options, options);
  assert.throws(() => discretizedLogisticMixture({ components: 0 }), {
    name: "RangeError",
    message:
      "Cannot build likelihood as 'components' must be a positive integer: current value is 0",
  });
  assert.throws(() => discretizedLogisticMixture({ levels: 1 }), {
    name: "RangeError",
    message:
      "Cannot build likelihood as 'levels' must be an integer of at least 2: current value is 1",
  });
});

Deno.test("discretizedLogisticMixture() learns levels, and is saved and loaded", () =>
  inFolder(async (folder) => {
    const model = vae({
      ...tinyParts,
      likelihood: discretizedLogisticMixture({ components: 2, levels: 4 }),
      divergence: divergences.kl(),
    });
    const rows = Array.from({ length: 32 }, (_, i) => [0, 1, 2, 3, 3 * (i % 2), 1]);
    const grey = rows.map((row) => row.map((level) => level / 3));
    const data = dataset(grey, { support: "unit" });
    const { history } = await fit(model, data, { epochs: 150, batchSize: 32, learningRate: 0.03 });
    // One bit and some dust, where six levels that are all alike have 12.
    const bits = -history.at(-1)!.training.objective / Math.LN2;
    assert(bits > 1 && bits < 4, `${bits}`);
    await save(model, folder);
    const same = narrow(await load(folder), "unit");
    const [expected, seen] = [model, same].map((m) =>
      tf.tidy(() => m.reconstruct(tf.tensor2d(grey.slice(0, 2))).arraySync())
    );
    assert.deepEqual(seen, expected);
    same.dispose();
    model.dispose();
  }));
