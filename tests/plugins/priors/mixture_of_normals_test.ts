import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { normalLogpdf as logpdf } from "../../deps.ts";
import {
  distributions,
  divergences,
  fit,
  load,
  priors,
  type PriorScope,
  save,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyData, tinyParts } from "../../helpers/tiny.ts";

const { mixtureOfNormals } = priors;

await useBackend({ backend: "cpu" });

const infer: PriorScope["infer"] = () => distributions.standardNormal({ event: [2] });

Deno.test("mixtureOfNormals() starts with different means, scales of 1 and equal weights", () => {
  const { scope, variables } = openParameters(
    { data: [4], latent: [2], support: "real" },
    seed(0),
  );
  const prior = mixtureOfNormals({ components: 3 }).build({ ...scope, infer });
  const shapes = [...variables].map(([name, { shape }]) => [name, shape]);
  assert.deepEqual(shapes, [["logits", [3]], ["means", [3, 2]], ["rawScales", [3, 2]]]);
  tf.tidy(() => {
    const means = variables.get("means")!.arraySync() as number[][], x = [0.5, -1];
    assert.equal(new Set(means.flat()).size, 6);
    const nats = Math.log(
      means.reduce(
        (sum, mean) => sum + Math.exp(logpdf(x[0]!, mean[0]!, 1) + logpdf(x[1]!, mean[1]!, 1)) / 3,
        0,
      ),
    );
    assertClose(prior(AT_REST).logProb(tf.tensor3d([[x]])), [nats], { absolute: 1e-5 });
  });
  for (const variable of variables.values()) variable.dispose();
});

Deno.test("mixtureOfNormals() is made again from its options, and refuses others", () => {
  assert.deepEqual(mixtureOfNormals().options, { components: 10 });
  assert.deepEqual(mixtureOfNormals(mixtureOfNormals({ components: 4 }).options).options, {
    components: 4,
  });
  for (const components of [0, -1, 1.5, NaN]) {
    assert.throws(() => mixtureOfNormals({ components }), {
      name: "RangeError",
      message: "Cannot build prior as 'components' must be a positive integer: " +
        `current value is ${components}`,
    });
  }
});

Deno.test("mixtureOfNormals() is learned, saved and loaded", () =>
  inFolder(async (folder) => {
    const model = vae({
      ...tinyParts,
      prior: mixtureOfNormals({ components: 3 }),
      divergence: divergences.kl(),
    });
    const names = ["logits", "means", "rawScales"].map((name) => `prior/${name}`);
    const before = names.map((name) => model.parameters.get(name)!.dataSync().join());
    const { history } = await fit(model, tinyData(), { steps: 5, batchSize: 32 });
    assert.equal(history.at(-1)!.training.terms.at(-1)!.estimator, "Monte Carlo");
    names.forEach((name, i) => {
      assert.notEqual(model.parameters.get(name)!.dataSync().join(), before[i]);
    });
    await save(model, folder);
    const same = await load(folder);
    const [expected, seen] = [model, same].map((m) =>
      tf.tidy(() => m.sample(4, { seed: 1, mean: true }).arraySync())
    );
    assert.deepEqual(seen, expected);
    same.dispose();
    model.dispose();
  }));
