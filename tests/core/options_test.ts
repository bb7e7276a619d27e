import assert from "node:assert/strict";
import {
  anomalyScores,
  binarize,
  collect,
  dataset,
  divergences,
  embeddings,
  evaluate,
  fit,
  imputations,
  interpolate,
  load,
  loadParameters,
  logLikelihoods,
  reconstructions,
  resume,
  saveParameters,
  sources,
  split,
  stream,
  traverse,
  useBackend,
  vae,
} from "../../mod.ts";
import { tf } from "../../core/deps.ts";
import { tinyData, tinyModel, tinyParts } from "../helpers/tiny.ts";

await useBackend({ backend: "cpu" });

// deno-lint-ignore no-explicit-any -- as an untyped caller
type Untyped = any;

const model = tinyModel(), data = tinyData(8);
const source = sources.from(() => [[0, 1], [1, 1]], { shape: [2] });
const unit = dataset([[0.5]], { support: "unit" });
const latents = tf.zeros([1, 2]);

/** Everything that takes a record of options, by what it attempts. */
const takers: readonly (readonly [string, (options: Untyped) => unknown])[] = [
  ["fit", (options) => fit(model, data, options)],
  ["resume", (options) => resume("no such folder", data, options)],
  ["evaluate", (options) => evaluate(model, data, options)],
  ["score anomalies", (options) => anomalyScores(model, data, options)],
  ["embed", (options) => embeddings(model, data, options)],
  ["impute", (options) => imputations(model, data, options)],
  ["estimate log p(x)", (options) => logLikelihoods(model, data, options)],
  ["reconstruct", (options) => reconstructions(model, data, options)],
  ["interpolate", (options) => interpolate(latents, latents, options)],
  ["traverse", (options) => traverse(latents, options)],
  ["make dataset", (options) => dataset([[0]], options)],
  ["split data", (options) => split(data, { train: 4 }, options)],
  ["binarize", (options) => binarize(unit, options)],
  ["stream data", (options) => stream(source, options)],
  ["collect data", (options) => collect(source, options)],
  ["load model", (options) => load("no such folder", options)],
  ["compose model", (options) => vae(options)],
  ["use backend", (options) => useBackend(options)],
  ["save parameters", (options) => saveParameters(model, "out/never", options)],
  ["load parameters", (options) => loadParameters(model, "no such file", options)],
  ["decode", (options) => model.decode(latents, options)],
  ["reconstruct", (options) => model.reconstruct(latents, options)],
  ["compute the objective", (options) => model.ledger(latents, options)],
  ["compute the ELBO", (options) => model.elbo(latents, options)],
  ["sample", (options) => model.sample(1, options)],
  ["estimate log p(x)", (options) => model.logLikelihood(latents, options)],
  ["impute", (options) => model.impute(latents, options)],
];

const attempt = (take: (options: Untyped) => unknown, options: unknown) => async () => {
  await take(options);
};

Deno.test("an option that nobody knows is refused with those that are known", async () => {
  for (const [action, take] of takers) {
    const message = new RegExp(
      `^Cannot ${action.replace(/[()]/g, "\\$&")} as every name in its options must be one of ` +
        "\\w+(, \\w+)*: current value is 'sead'$",
    );
    await assert.rejects(attempt(take, { sead: undefined }), { name: "TypeError", message });
  }
  await assert.rejects(attempt((options) => fit(model, data, options), { epoch: 3 }), {
    message: "Cannot fit as every name in its options must be one of epochs, steps, batchSize, " +
      "learningRate, accumulate, clip, average, rollback, checkpoints, seed, validation, " +
      "callbacks, signal, optimizer: current value is 'epoch'",
  });
  const misspelt = { seed: 1, smaples: 50 };
  await assert.rejects(attempt((options) => model.elbo(latents, options), misspelt), {
    message: "Cannot compute the ELBO as every name in its options must be one of seed, samples: " +
      "current value is 'smaples'",
  });
  const nested = {
    clip: { norms: 1 },
    average: { decay: 0.5, rate: 1 },
    rollback: { attempts: 1, factors: 1 },
    checkpoints: { folder: "out/never", every: 2 },
  };
  for (const [name, value] of Object.entries(nested)) {
    await assert.rejects(attempt((options) => fit(model, data, options), { [name]: value }), {
      name: "TypeError",
      message: new RegExp(`^Cannot fit as every name in '${name}' must be one of \\w+`),
    });
  }
});

Deno.test("options that are no record are refused in our words, and so are those that are missing", async () => {
  for (const [action, take] of takers) {
    for (const [options, shown] of [[null, "null"], [7, "7"], ["seed", "'seed'"], [[1], "[1]"]]) {
      await assert.rejects(attempt(take, options), {
        name: "TypeError",
        message: `Cannot ${action} as its options must be a record of options: ` +
          `current value is ${shown}`,
      });
    }
  }
  const wanted = ["evaluate", "score anomalies", "impute", "estimate log p(x)", "interpolate"];
  for (const [action, take] of takers) {
    if (!wanted.includes(action)) continue;
    await assert.rejects(attempt(take, undefined), {
      message: `Cannot ${action} as its options must be a record of options: ` +
        "current value is undefined",
    });
  }
  const untyped: Untyped = model, { x } = data.rows([0]);
  const methods: readonly (readonly [string, () => unknown])[] = [
    ["compute the objective", () => untyped.ledger(x)],
    ["compute the ELBO", () => untyped.elbo(x)],
    ["sample", () => untyped.sample(2)],
    ["estimate log p(x)", () => untyped.logLikelihood(x)],
    ["impute", () => untyped.impute(x)],
  ];
  for (const [action, call] of methods) {
    const message = `Cannot ${action} as its options must be a record of options: ` +
      "current value is undefined";
    assert.throws(call, { name: "TypeError", message });
  }
  x.dispose();
});

Deno.test("every option that there is, is known", async () => {
  const all = { ...tinyParts, condition: undefined, standardization: undefined, seed: 1 };
  vae({ ...all, progress: { step: 1, epoch: 0 }, divergence: divergences.kl() }).dispose();
  const { history } = await fit(tinyModel(), data, {
    ...{ epochs: 1, batchSize: 8, learningRate: 0.01, accumulate: 1, seed: 1 },
    ...{ clip: { norm: 1, value: 1 }, average: { decay: 0.5 } },
    ...{ rollback: { attempts: 1, factor: 0.5 }, steps: undefined, checkpoints: undefined },
    ...{ validation: data, callbacks: [], signal: undefined, optimizer: undefined },
  });
  assert.equal(history.length, 1);
  const { x } = data.rows([0]), seed = 1, samples = 1, progress = { step: 1, epoch: 0 };
  const given = { condition: undefined, offset: undefined };
  tf.tidy(() => {
    model.ledger(x, { seed, training: false, progress, observe: undefined });
    model.elbo(x, { seed, samples });
    model.decode(latents, given);
    model.reconstruct(x, { seed });
    model.sample(1, { seed, mean: true, ...given });
    model.logLikelihood(x, { seed, samples });
    model.impute(x, { seed, samples, draws: 1 });
  });
  x.dispose();
  latents.dispose();
  model.dispose();
});
