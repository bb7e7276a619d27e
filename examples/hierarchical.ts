/**
 * Trains a variational autoencoder with two layers of latents on handwritten digits, beside one with
 * a single layer: the prior of the first layer is itself a variational autoencoder.
 *
 *     deno run --allow-read --allow-write=out examples/hierarchical.ts
 *
 * p(x, z, u) = p(x|z) p(z|u) p(u), with q(z|x) and q(u|z) to approximate what is behind. The density
 * p(z) = ∫ p(z|u) p(u) du is estimated from below, so that the ELBO stays a lower bound on log p(x).
 *
 * --epochs 24     how often to go through the digits
 * --samples 1     how many inner samples to estimate p(z) from
 * --seed 0        another seed, other digits to train on and other noise
 * --backend wasm  webgpu, wasm or cpu; the first that starts unless told
 * --out out       the folder of the picture, which --allow-write has to name
 *
 * The last line is one JSON object: for both models the ELBO of the test digits and their
 * importance-weighted log-likelihood, in nats per datum.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- an example is there to be read
import { parseArgs } from "node:util";
import {
  type BackendName,
  binarize,
  callbacks,
  divergences,
  evaluate,
  fit,
  likelihoods,
  networks,
  posteriors,
  priors,
  split,
  useBackend,
  vae,
} from "../mod.ts";
import { DIGIT, handwrittenDigits } from "./helpers/handwritten_digits.ts";
import { writeSheet } from "./helpers/pictures.ts";

const { values: flags } = parseArgs({
  options: {
    epochs: { type: "string", default: "24" },
    samples: { type: "string", default: "1" },
    seed: { type: "string", default: "0" },
    backend: { type: "string" },
    out: { type: "string", default: "out" },
  },
});
const seed = Number(flags.seed);
await Deno.mkdir(flags.out, { recursive: true }); // Before the work, not after it.

const { backend } = await useBackend(
  flags.backend === undefined ? {} : { backend: flags.backend as BackendName },
);
const { train, validation, test } = split(
  binarize(await handwrittenDigits(), { threshold: 0.5 }),
  { train: 8500, validation: 500, test: 1000 },
  { seed },
);

/** z has 20 elements in both models. */
const parts = {
  data: DIGIT,
  latent: 20,
  encoder: networks.mlp({ hidden: [400], activation: "silu" }),
  decoder: networks.mlp({ hidden: [128, 400], activation: "silu" }),
  posterior: posteriors.diagonalNormal(),
  likelihood: likelihoods.bernoulli(),
  divergence: divergences.kl(),
  seed,
} as const;

/** p(z) = ∫ p(z|u) p(u) du, where u has 10 elements. */
const hierarchy = priors.modelPrior({
  latent: 10,
  encoder: networks.mlp({ hidden: [128], activation: "silu" }),
  decoder: networks.mlp({ hidden: [128], activation: "silu" }),
  posterior: posteriors.diagonalNormal(),
  prior: priors.standardNormal(),
  likelihood: likelihoods.normal({ scale: "perOutput" }),
  samples: Number(flags.samples),
});

const models = {
  oneLayer: vae({ ...parts, prior: priors.standardNormal() }),
  twoLayers: vae({ ...parts, prior: hierarchy }),
};
const results: Record<string, unknown> = {};
for (const [name, model] of Object.entries(models)) {
  console.log(model.summary(), `\n\n${name} on ${backend}`);
  await fit(model, train, {
    epochs: Number(flags.epochs),
    learningRate: 2e-3,
    validation,
    callbacks: [callbacks.progressBar()],
    seed,
  });
  const samples = model.sample(96, { seed, mean: true });
  await writeSheet(`${flags.out}/${name}.png`, samples, { columns: 16 });
  samples.dispose();
  const { bound, logLikelihood } = await evaluate(model, test, { seed, importanceSamples: 100 });
  results[name] = { testElbo: bound!.nats, logLikelihood: logLikelihood!.nats };
  model.dispose();
}
console.log(JSON.stringify({ ...results, epochs: Number(flags.epochs), backend, seed }));
