import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import {
  divergences,
  evaluate,
  fit,
  likelihoods,
  load,
  networks,
  type Posterior,
  posteriors,
  priors,
  type Reparameterized,
  save,
  schedules,
  useBackend,
  vae,
} from "../../../mod.ts";
import { inFolder } from "../../helpers/run.ts";
import { tinyData } from "../../helpers/tiny.ts";

const { relaxedCategorical } = posteriors;

await useBackend({ backend: "cpu" });

type Heads = posteriors.RelaxedCategoricalHeads;

/** q(z|x) of one latent of two classes, some steps into the training. */
function built<Q extends Reparameterized>(posterior: Posterior<Heads, Q>, step = 0): Q {
  const shapes = { data: [4], latent: [2], support: "real" } as const;
  const { scope, variables } = openParameters(shapes, seed(0));
  const build = posterior.build(scope), context = { ...AT_REST, progress: { step, epoch: 0 } };
  assert.equal(variables.size, 0);
  return build({ logits: tf.tensor2d([[1, 0]]) }, context);
}

const COOLING = schedules.linear({ from: 1, to: 0.5, steps: 10 });

Deno.test("relaxedCategorical() says what it wants from the encoder", () => {
  const { kind, name, heads } = relaxedCategorical({ temperature: 1 });
  assert.deepEqual([kind, name], ["posterior", "relaxedCategorical"]);
  assert.deepEqual(heads([8, 10]), { logits: [8, 10] });
});

Deno.test("relaxedCategorical() is relaxed, or one-hot straight through", () => {
  tf.tidy(() => {
    const soft = relaxedCategorical({ temperature: COOLING });
    const hard = relaxedCategorical({ temperature: COOLING, straightThrough: true });
    assert.deepEqual(soft.options, { temperature: COOLING, straightThrough: false });
    assert.deepEqual(hard.options, { temperature: COOLING, straightThrough: true });
    const families = ["relaxedOneHotCategorical", "oneHotCategorical"];
    assert.deepEqual([built(soft).family, built(hard).family], families);
    const steps = [0, 5, 99], temperatures = [1, 0.75, 0.5];
    assert.deepEqual(steps.map((step) => built(soft, step).temperature), temperatures);
    assert.deepEqual(steps.map((step) => built(hard, step).temperature), temperatures);
  });
});

Deno.test("relaxedCategorical() refuses fewer than two classes", () => {
  for (const latent of [[], [1], [8, 1]]) {
    assert.throws(() => relaxedCategorical({ temperature: 1 }).heads(latent), {
      name: "TypeError",
      message:
        "Cannot build posterior 'relaxedCategorical' as a latent of classes must have shape " +
        `[…, C] with C of at least 2: current value is [${latent.join(", ")}]`,
    });
  }
});

Deno.test("relaxedCategorical() refuses a temperature that is not positive, and no yes or no", () => {
  for (const temperature of [0, -1, NaN, Infinity]) {
    const refusal = {
      name: "RangeError",
      message: "Cannot relax posterior as 'temperature' must be a positive number: " +
        `current value is ${temperature}`,
    };
    assert.throws(() => relaxedCategorical({ temperature }), refusal);
    if (!Number.isFinite(temperature)) continue;
    const schedule = schedules.constant({ value: temperature });
    assert.throws(() => built(relaxedCategorical({ temperature: schedule })), refusal);
  }
  assert.throws(
    () => relaxedCategorical({ temperature: 1, straightThrough: "yes" as unknown as true }),
    {
      name: "TypeError",
      message: "Cannot build posterior as 'straightThrough' must be true or false: " +
        "current value is 'yes'",
    },
  );
});

/** What six bits are compressed to: two latents of three classes. */
const PARTS = {
  data: [6],
  latent: [2, 3],
  encoder: networks.mlp({ hidden: [16] }),
  decoder: networks.mlp({ hidden: [16] }),
  likelihood: likelihoods.bernoulli(),
} as const;

const MODELS = {
  "relaxed, with the KL of relaxed densities": () =>
    vae({
      ...PARTS,
      posterior: relaxedCategorical({ temperature: COOLING }),
      prior: priors.uniformCategorical({ temperature: 0.5 }),
      divergence: divergences.kl(),
    }),
  "relaxed, with the KL of classes": () =>
    vae({
      ...PARTS,
      posterior: relaxedCategorical({ temperature: 0.7 }),
      prior: priors.uniformCategorical({ temperature: 0.5 }),
      divergence: divergences.betaKl({ beta: 0.5, divergence: divergences.categoricalKl() }),
    }),
  "straight through": () =>
    vae({
      ...PARTS,
      posterior: relaxedCategorical({ temperature: 0.7, straightThrough: true }),
      prior: priors.uniformCategorical(),
      divergence: divergences.kl(),
    }),
};

for (const [name, make] of Object.entries(MODELS)) {
  Deno.test(`a model with categorical latents learns, is saved and used: ${name}`, async () => {
    const model = make(), data = tinyData();
    const { history } = await fit(model, data, { epochs: 40, batchSize: 16, learningRate: 0.01 });
    const [first, last] = [history[0]!.training, history.at(-1)!.training];
    assert(last.objective > first.objective + 0.5, `${first.objective} → ${last.objective}`);
    assert.equal(last.bound === undefined, name.includes("of classes"));
    const exact = name === "straight through" ? "closed form" : "Monte Carlo";
    const { terms, bound } = await evaluate(model, data, { seed: 1 });
    assert.equal(terms[1]!.estimator, exact);
    // The KL of classes does not keep the relaxed densities together.
    const least = name.includes("of classes") ? -20 : -6 * Math.LN2;
    assert(bound!.nats < 0 && bound!.nats > least, `ELBO ${bound!.nats}`);
    const same = await inFolder(async (folder) => {
      await save(model, folder);
      return await load(folder);
    });
    assert.equal(same.summary(), model.summary());
    const drawn = [model, same].map((model) => model.sample(3, { seed: 1, mean: true }));
    assert.deepEqual(drawn[0]!.shape, [3, 6]);
    assert.deepEqual(drawn[0]!.arraySync(), drawn[1]!.arraySync());
    tf.dispose(drawn);
    model.dispose();
    same.dispose();
  });
}

Deno.test("vae() refuses one-hot latents opposite a relaxed prior", () => {
  assert.throws(
    () =>
      vae({
        ...PARTS,
        posterior: relaxedCategorical({ temperature: 1, straightThrough: true }),
        // @ts-expect-error a prior on 'simplex' cannot match a posterior on 'discrete'
        prior: priors.uniformCategorical({ temperature: 1 }),
        divergence: divergences.kl(),
      }),
    /posterior 'relaxedCategorical' is on 'discrete': current value is 'simplex'/,
  );
});
