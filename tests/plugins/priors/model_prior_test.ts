import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import type { Tensor } from "../../../core/types.ts";
import {
  distributions,
  divergences,
  fit,
  likelihoods,
  load,
  networks,
  posteriors,
  type Prior,
  priors,
  save,
  useBackend,
  type Vae,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { inFolder } from "../../helpers/run.ts";
import { assertWithin, mean, NORMAL_BOUND } from "../../helpers/statistics.ts";
import { tinyData, tinyParts } from "../../helpers/tiny.ts";
import { linearModelPrior } from "../../helpers/linear_model.ts";

const { modelPrior } = priors;

await useBackend({ backend: "cpu" });

const inner = {
  latent: 1,
  encoder: networks.mlp({ hidden: [4] }),
  decoder: networks.mlp({ hidden: [4] }),
  posterior: posteriors.diagonalNormal(),
  prior: priors.standardNormal(),
  likelihood: likelihoods.normal({ scale: "perOutput" }),
} as const;

/** p(z) of a prior on two latents, with its variables moved by hand. */
function built(
  prior: Prior<priors.Marginal>,
  set: { readonly [path: string]: readonly number[] } = {},
) {
  const shapes = { data: [6], latent: [2], support: "binary" } as const;
  const { scope, variables } = openParameters(shapes, seed(0));
  const infer = () => distributions.standardNormal({ event: [2] });
  const run = prior.build({ ...scope, infer });
  for (const [path, values] of Object.entries(set)) {
    const variable = variables.get(path)!;
    tf.tidy(() => variable.assign(tf.tensor([...values], variable.shape)));
  }
  return { p: run(AT_REST), dispose: () => tf.dispose([...variables.values()]) };
}

/** log p(z) of N(b, w wᵀ + I) for two latents. */
function exact([w0, w1]: readonly [number, number], [z0, z1]: readonly [number, number]): number {
  const a = w0 * w0 + 1, b = w0 * w1, c = w1 * w1 + 1, determinant = a * c - b * b;
  const square = (c * z0 * z0 - 2 * b * z0 * z1 + a * z1 * z1) / determinant;
  return -0.5 * square - 0.5 * Math.log(determinant) - Math.log(2 * Math.PI);
}

Deno.test("modelPrior() with an exact inner posterior has the exact density", () => {
  for (const samples of [1, 4]) {
    const { p, dispose } = built(linearModelPrior({ samples }), { "decoder/slope": [2, -0.5] });
    tf.tidy(() => {
      const values = [[0, 0], [1, -1], [-3, 2]] as const;
      const z = tf.tensor(values.flat(), [1, 3, 2]);
      const expected = values.map((value) => exact([2, -0.5], value));
      assertClose(p.logProb(z, seed(1)), expected, { absolute: 1e-4 });
    });
    dispose();
  }
});

/** p(z|u) = N(w u, 1) with the posterior N(0, 1), whatever z is. */
function rough(samples: number): Prior<priors.Marginal> {
  const linear = networks.mlp({ hidden: [] });
  const likelihood = likelihoods.normal({ scale: 1 });
  return modelPrior({ ...inner, encoder: linear, decoder: linear, likelihood, samples });
}

const ROUGH = {
  "encoder/mean/kernel": [0, 0],
  "encoder/rawScale/kernel": [0, 0],
  "encoder/rawScale/bias": [Math.log(Math.expm1(1))],
  "decoder/mean/kernel": [0.8, -0.5],
} as const;

Deno.test("modelPrior() is below log p(z) on average, its exponential is right", () => {
  const n = 20_000, log = exact([0.8, -0.5], [1, 0.5]);
  const estimates = [1, 8].map((samples) => {
    const { p, dispose } = built(rough(samples), ROUGH);
    const values = tf.tidy(() => {
      const z = tf.tile(tf.tensor([1, 0.5], [1, 1, 2]), [n, 1, 1]);
      return [...p.logProb(z, seed(3)).dataSync()];
    });
    dispose();
    return values;
  });
  const bounds = estimates.map(mean);
  assert(bounds[0]! < bounds[1]! - 0.05 && bounds[1]! < log - 0.005, `${bounds} below ${log}`);
  for (const values of estimates) {
    const weights = values.map((value) => Math.exp(value - log)), center = mean(weights);
    const spread = Math.sqrt(mean(weights.map((weight) => (weight - center) ** 2)));
    assertWithin(NORMAL_BOUND, (center - 1) * Math.sqrt(n) / spread, "the mean weight");
  }
});

Deno.test("modelPrior() wants a seed for its density", () => {
  const { p, dispose } = built(rough(1));
  assert.equal(p.estimated, true);
  tf.tidy(() => {
    assert.throws(() => p.logProb(tf.zeros([1, 1, 2])), {
      name: "TypeError",
      message: "Cannot estimate the density of prior 'modelPrior' as there must be a seed: " +
        "current value is 'missing'",
    });
    const [one, other] = [1, 2].map((from) => p.logProb(tf.zeros([1, 1, 2]), seed(from)));
    assert.notEqual(one!.dataSync()[0], other!.dataSync()[0]);
  });
  dispose();
});

/** x ← z ← u. */
function hierarchy(): Vae<"binary"> {
  return vae({ ...tinyParts, prior: modelPrior(inner), divergence: divergences.kl() });
}

Deno.test("modelPrior() has the weights of a model, under those of the prior", () => {
  const model = hierarchy();
  const names = [...model.parameters.keys()].filter((name) => name.startsWith("prior/"));
  assert.deepEqual(
    [...new Set(names.map((name) => name.split("/")[1]))],
    ["encoder", "decoder"],
  );
  assert.deepEqual(model.parameters.get("prior/encoder/hidden0/kernel")!.shape, [2, 4]);
  assert.deepEqual(model.parameters.get("prior/decoder/mean/kernel")!.shape, [4, 2]);
  model.dispose();
});

Deno.test("modelPrior() is said to be biased in the ledger, and goes on as a bound", () => {
  const model = hierarchy();
  tf.tidy(() => {
    const { x } = tinyData().rows([0, 1, 2]);
    const { terms, bound } = model.elbo(x, { seed: 1, samples: 2 });
    const [, { name, estimator, samples }] = terms as [unknown, typeof terms[0]];
    assert.deepEqual([name, estimator, samples], ["divergence", "biased", 2]);
    assert.equal(bound?.name, "ELBO");
  });
  model.dispose();
});

Deno.test("modelPrior() trains with all that is around it, and comes back from a folder", () =>
  inFolder(async (folder) => {
    const before = tf.memory().numTensors;
    const model = hierarchy(), path = "prior/decoder/mean/kernel";
    const first = [...model.parameters.get(path)!.dataSync()];
    const options = { epochs: 15, batchSize: 16, learningRate: 0.02 };
    const { history } = await fit(model, tinyData(), options);
    const objectives = history.map(({ training }) => training.objective);
    assert(objectives.at(-1)! > objectives[0]! + 0.5, objectives.join());
    assert.notDeepEqual([...model.parameters.get(path)!.dataSync()], first);
    await save(model, folder);
    const same = await load(folder);
    const elbo = (of: Vae): Tensor => {
      const { x } = tinyData().rows([0, 1, 2]);
      return of.elbo(x, { seed: 1 }).bound!.nats;
    };
    tf.tidy(() => assertClose(elbo(same), elbo(model), {}));
    model.dispose();
    same.dispose();
    assert.equal(tf.memory().numTensors, before, "the number of tensors");
  }));

Deno.test("modelPrior() may stand inside of itself, and be conditioned", () => {
  const prior = modelPrior({ ...inner, latent: 3, prior: modelPrior(inner) });
  const model = vae({
    ...tinyParts,
    condition: [2],
    prior,
    divergence: divergences.kl(),
  });
  const shape = model.parameters.get("prior/prior/encoder/hidden0/kernel")!.shape;
  assert.deepEqual(shape, [3 + 2, 4]);
  tf.tidy(() => {
    const condition = tf.tensor2d([[1, 0], [0, 1], [1, 1]]);
    assert.deepEqual(model.sample(3, { seed: 1, condition }).shape, [3, 6]);
    const { nats } = model.logLikelihood({ x: tf.zeros([3, 6]), condition }, {
      seed: 1,
      samples: 3,
    });
    assert(nats.dataSync().every(Number.isFinite));
  });
  model.dispose();
});

Deno.test("modelPrior() can be made again from its options, one sample unless told", () => {
  const { kind, name, options } = modelPrior(inner);
  assert.deepEqual([kind, name, options], ["prior", "modelPrior", { ...inner, samples: 1 }]);
  const given = { ...inner, latent: [2, 2], samples: 5 };
  assert.deepEqual(modelPrior(given).options, given);
});

Deno.test("modelPrior() refuses what is no inner model", () => {
  const refuses = (given: object, name: string, message: string): void =>
    assert.throws(() => modelPrior({ ...inner, ...given }), { name, message });
  const integer = "must be a positive integer: current value is";
  refuses({ samples: 0 }, "RangeError", `Cannot build prior as 'samples' ${integer} 0`);
  refuses({ latent: 1.5 }, "RangeError", `Cannot build prior as 'latent' ${integer} 1.5`);
  refuses({ latent: [2, 0] }, "RangeError", `Cannot build prior as 'latent' ${integer} 0`);
  const bernoulli = likelihoods.bernoulli();
  refuses(
    { likelihood: bernoulli },
    "TypeError",
    "Cannot build prior as 'likelihood' must be for data on 'real': current value is 'binary'",
  );
  assert.throws(
    () => modelPrior({ ...inner, encoder: bernoulli as unknown as typeof inner.encoder }),
    /^TypeError: Cannot compose model as 'encoder' must be a network plugin/,
  );
});
