import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { divergences, fit, posteriors, priors, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { tinyData, tinyParts } from "../../helpers/tiny.ts";

const { diagonalNormal } = priors;

await useBackend({ backend: "cpu" });

/** No latents are inferred here. */
const infer = (): never => assert.fail("the prior asked for q(z|x)");

Deno.test("diagonalNormal() starts as the standard normal, and goes by its weights", () => {
  const { kind, name, options, build } = diagonalNormal();
  assert.deepEqual([kind, name, options], ["prior", "diagonalNormal", {}]);
  const { scope, variables } = openParameters(
    { data: [3], latent: [2], support: "real" },
    seed(0),
  );
  tf.tidy(() => {
    const built = build({ ...scope, infer }), first = built(AT_REST);
    assert.deepEqual([first.batch, first.event], [1, [2]]);
    assertClose(first.mean, [0, 0], {});
    assertClose(first.scale, [1, 1], { absolute: 2e-6 });
    variables.get("mean")!.assign(tf.tensor1d([3, -1]));
    variables.get("rawScale")!.assign(tf.tensor1d([0, 5]));
    const second = built(AT_REST);
    assertClose(second.mean, [3, -1], {});
    assertClose(second.scale, [Math.LN2, Math.log1p(Math.exp(5))], { relative: 1e-5 });
  });
  variables.forEach((variable) => variable.dispose());
});

Deno.test("diagonalNormal() is learned with the rest of a model", async () => {
  const model = vae({
    ...tinyParts,
    posterior: posteriors.diagonalNormal(),
    prior: diagonalNormal(),
    divergence: divergences.kl(),
  });
  const before = model.parameters.get("prior/mean")!.arraySync();
  await fit(model, tinyData(), { steps: 5, batchSize: 32 });
  assert.notDeepEqual(model.parameters.get("prior/mean")!.arraySync(), before);
  model.dispose();
});
