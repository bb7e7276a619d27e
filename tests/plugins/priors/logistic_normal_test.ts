import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { dataset, divergences, fit, likelihoods, networks } from "../../../mod.ts";
import { posteriors, priors, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { logisticNormal } = priors;

await useBackend({ backend: "cpu" });

const infer = (): never => assert.fail("the prior asked for q(z|x)");

/** p(z) over so many parts. */
function builtFor(latent: readonly number[], concentration?: number) {
  const { scope } = openParameters({ data: [3], latent, support: "real" }, seed(0));
  const options = concentration === undefined ? {} : { concentration };
  return logisticNormal(options).build({ ...scope, infer })(AT_REST);
}

Deno.test("logisticNormal() says what it is, and makes itself again from its options", () => {
  const { kind, name, options } = logisticNormal();
  assert.deepEqual([kind, name, options], ["prior", "logisticNormal", { concentration: 1 }]);
  const other = logisticNormal({ concentration: 0.1 });
  assert.deepEqual(logisticNormal(other.options).options, { concentration: 0.1 });
});

Deno.test("logisticNormal() has the log-ratios of a Dirichlet distribution of many parts", () => {
  // Var[log xᵢ − log xⱼ] = 2 ψ′(α), which Laplace's approximation takes for 2/α.
  tf.tidy(() => {
    const trigamma = 0.010050166663333571; // ψ′(100)
    const { value } = builtFor([4], 100).draw(seed(1), 20_000), logs = tf.log(value);
    for (const [i, j] of [[0, 1], [1, 3], [0, 3]] as const) {
      const difference = tf.sub(
        logs.slice([0, 0, i], [-1, -1, 1]),
        logs.slice([0, 0, j], [-1, -1, 1]),
      );
      const { mean, variance } = tf.moments(difference);
      assertClose(mean, 0, { absolute: 5e-3 });
      assertClose(variance, 2 * trigamma, { relative: 0.05 });
    }
    assertClose(tf.mean(value, 0), Array(4).fill(0.25), { absolute: 2e-3 });
  });
});

Deno.test("logisticNormal() refuses concentrations that are not positive, and other latents", () => {
  for (const concentration of [0, -1, NaN]) {
    assert.throws(() => logisticNormal({ concentration }), {
      name: "RangeError",
      message: "Cannot build prior as 'concentration' must be a positive number: " +
        `current value is ${concentration}`,
    });
  }
  for (const latent of [[1], [2, 2], []]) {
    const requirement = "a latent on the simplex must have shape [K] with K of at least 2";
    assert.throws(() => builtFor(latent), {
      name: "TypeError",
      message: `Cannot build prior 'logisticNormal' as ${requirement}: current value is [${
        latent.join(", ")
      }]`,
    });
    assert.throws(() => posteriors.logisticNormal().heads(latent), {
      name: "TypeError",
      message: `Cannot build posterior 'logisticNormal' as ${requirement}: current value is [${
        latent.join(", ")
      }]`,
    });
  }
});

Deno.test("a model with latents on the simplex trains, with the KL in closed form", async () => {
  const model = vae({
    data: [3],
    latent: 3,
    encoder: networks.mlp({ hidden: [8] }),
    decoder: networks.mlp({ hidden: [8] }),
    posterior: posteriors.logisticNormal(),
    prior: logisticNormal({ concentration: 0.5 }),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
  const data = dataset([[1, 0, 0], [0, 1, 0], [0, 0, 1]], { support: "binary" });
  const { history } = await fit(model, data, { epochs: 60, learningRate: 0.02 });
  const first = history[0]!.training, last = history.at(-1)!.training;
  assert.equal(last.terms[1]!.estimator, "closed form");
  assert(last.objective > first.objective + 0.1, `${first.objective} to ${last.objective}`);
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 0, 0]]);
    assert.deepEqual(model.reconstruct(x, { seed: 1 }).shape, [1, 3]);
    assert.throws(() => model.reconstruct(x), /the posterior must know its mean/);
  });
  model.dispose();
});
