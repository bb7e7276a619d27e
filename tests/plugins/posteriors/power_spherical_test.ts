import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import {
  type Distribution,
  divergences,
  fit,
  posteriors,
  type Prior,
  priors,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { tinyData, tinyParts } from "../../helpers/tiny.ts";

await useBackend({ backend: "wasm" });

Deno.test("powerSpherical() makes a location and a concentration of what the encoder says", () => {
  const { kind, name, options, heads, build } = posteriors.powerSpherical();
  assert.deepEqual([kind, name, options], ["posterior", "powerSpherical", {}]);
  assert.deepEqual(heads([3]), { direction: [3], rawScale: [] });
  const { scope } = openParameters({ data: [3], latent: [4], support: "real" }, seed(0));
  tf.tidy(() => {
    const direction = tf.tensor2d([[3, -4, 0, 0], [0, 1, 0, 0]]), rawScale = tf.tensor1d([0, -100]);
    const q = build(scope)({ direction, rawScale }, AT_REST);
    assert.deepEqual([q.family, q.batch, q.event], ["powerSpherical", 2, [4]]);
    assertClose(q.location, [0.6, -0.8, 0, 0, 0, 1, 0, 0], { absolute: 1e-6 });
    assertClose(q.scale, [3 * 2, 3e-6], { relative: 1e-5 });
  });
});

const onSphere = {
  ...tinyParts,
  latent: 3,
  posterior: posteriors.powerSpherical(),
  prior: priors.uniformSphere(),
  divergence: divergences.kl(),
} as const;

Deno.test("powerSpherical() trains with a uniform prior, and the KL in closed form", async () => {
  const model = vae(onSphere), data = tinyData();
  const { history } = await fit(model, data, {
    epochs: 60,
    batchSize: 16,
    learningRate: 0.01,
    seed: 1,
  });
  const first = history[0]!.training, last = history.at(-1)!.training;
  assert(last.objective > first.objective + 0.5, `${first.objective} → ${last.objective}`);
  tf.tidy(() => {
    const { terms } = model.elbo(tf.zeros([4, 6]), { seed: 1 });
    const row = terms.find(({ name }) => name === "divergence")!;
    assert.equal(row.estimator, "closed form");
    const z = model.encode(tf.zeros([4, 6])).draw(seed(1), 5).value;
    assertClose(tf.sum(tf.square(z), -1), Array(20).fill(1), { absolute: 1e-5 });
  });
  model.dispose();
});

Deno.test("powerSpherical() refuses a prior on another domain, and a latent of one number", () => {
  assert.throws(
    () => vae({ ...onSphere, prior: priors.standardNormal() as Prior<Distribution> }),
    /Cannot run prior 'standardNormal' as posterior 'powerSpherical' is on 'sphere'/,
  );
  assert.throws(() => vae({ ...onSphere, latent: 1 }), /must have 2 elements or more/);
});
