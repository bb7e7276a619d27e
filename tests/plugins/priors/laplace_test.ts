import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { dataset, divergences, fit, likelihoods, networks } from "../../../mod.ts";
import { posteriors, priors, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

await useBackend({ backend: "cpu" });

Deno.test("laplace() is the standard one, whatever the shape of the latent", () => {
  const { kind, name, options, build } = priors.laplace();
  assert.deepEqual([kind, name, options], ["prior", "laplace", {}]);
  const infer = (): never => assert.fail("the prior asked for q(z|x)");
  const { scope, variables } = openParameters(
    { data: [3], latent: [2, 2], support: "real" },
    seed(0),
  );
  tf.tidy(() => {
    const p = build({ ...scope, infer })(AT_REST);
    assert.deepEqual([p.batch, p.event, variables.size], [1, [2, 2], 0]);
    const z = tf.tensor4d([[[[0, 1], [-2, 3]]]]);
    assertClose(p.logProb(z), -6 - 4 * Math.LN2, { relative: 1e-6 });
  });
});

Deno.test("a model of Laplace distributions alone trains, with the KL in closed form", async () => {
  const model = vae({
    data: [2],
    latent: 1,
    encoder: networks.mlp({ hidden: [8] }),
    decoder: networks.mlp({ hidden: [8] }),
    posterior: posteriors.laplace(),
    prior: priors.laplace(),
    likelihood: likelihoods.laplace(),
    divergence: divergences.kl(),
  });
  const data = dataset([[0, 0], [1, 1], [2, 2], [3, 3]], { support: "real" });
  const { history } = await fit(model, data, { epochs: 30, learningRate: 0.02 });
  const first = history[0]!.training, last = history.at(-1)!.training;
  assert.equal(last.terms[1]!.estimator, "closed form");
  assert(last.objective > first.objective + 1, `${first.objective} to ${last.objective}`);
  model.dispose();
});
