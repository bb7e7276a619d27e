/**
 * Trains a variational autoencoder on real handwritten digits, and draws what it learned.
 *
 *     deno run --allow-read --allow-write=out examples/digits.ts
 *
 * --likelihood normal  keeps the grey values (bernoulli: black and white, at a threshold of ½)
 * --latent 2           also draws the latent plane
 * --epochs 24          how often to go through the digits
 * --seed 0             another seed, other digits to train on and other noise
 * --backend wasm       webgpu, wasm or cpu; the first that starts unless told
 * --out out            the folder of the pictures, which --allow-write has to name
 *
 * The last line is one JSON object: the ELBO of the test digits, its two terms and the
 * importance-weighted log-likelihood in nats per datum, and how the run went.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- an example is there to be read
import { parseArgs } from "node:util";
import {
  type Accepted,
  type ArrayDataset,
  type BackendName,
  binarize,
  callbacks,
  divergences,
  evaluate,
  fit,
  type Heads,
  interpolate,
  type Likelihood,
  likelihoods,
  networks,
  posteriors,
  priors,
  split,
  type Support,
  useBackend,
  vae,
  type WithMean,
} from "../mod.ts";
import { tf } from "../core/tf.ts";
import { DIGIT, handwrittenDigits } from "./helpers/handwritten_digits.ts";
import { writeCurves, writeSheet } from "./helpers/pictures.ts";

const { values: flags } = parseArgs({
  options: {
    likelihood: { type: "string", default: "bernoulli" },
    epochs: { type: "string", default: "24" },
    latent: { type: "string", default: "20" },
    seed: { type: "string", default: "0" },
    backend: { type: "string" },
    out: { type: "string", default: "out" },
  },
});
const latent = Number(flags.latent);
const seed = Number(flags.seed);
const started = performance.now();
if (!["bernoulli", "normal"].includes(flags.likelihood)) {
  throw new RangeError(`--likelihood must be bernoulli or normal: it is ${flags.likelihood}`);
}
await Deno.mkdir(flags.out, { recursive: true }); // Before the work, not after it.

const { backend, passedOver } = await useBackend(
  flags.backend === undefined ? {} : { backend: flags.backend as BackendName },
);
for (const { backend, reason } of passedOver) console.log(`not on ${backend}: ${reason}`);

async function trainAndDraw<H extends Heads, S extends Support, X extends WithMean>(
  likelihood: Likelihood<H, S, X>,
  data: ArrayDataset<Accepted<S>>,
): Promise<void> {
  const { train, validation, test } = split(
    data,
    { train: 8500, validation: 500, test: 1000 },
    { seed },
  );
  const model = vae({
    data: DIGIT,
    latent,
    encoder: networks.mlp({ hidden: [400], activation: "silu" }),
    decoder: networks.mlp({ hidden: [128, 400], activation: "silu" }),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood,
    divergence: divergences.kl(),
    seed,
  });
  console.log(model.summary(), `\n\non ${backend}`);

  const before = performance.now();
  const { history, steps } = await fit(model, train, {
    epochs: Number(flags.epochs),
    learningRate: 2e-3,
    validation,
    callbacks: [callbacks.progressBar()],
    seed,
  });
  const trainingSeconds = (performance.now() - before) / 1000;

  await writeCurves(`${flags.out}/curves.svg`, history);
  const inputs = test.rows(Array.from({ length: 16 }, (_, i) => i));
  const between = { steps: 16, path: "spherical" } as const;
  const sheets = tf.tidy(() => ({
    reconstructions: tf.concat([inputs.x, model.reconstruct(inputs)]),
    samples: model.sample(96, { seed, mean: true }),
    interpolations: model.decode(interpolate(...ends(model.encode(inputs).mean), between)).mean,
    ...(latent === 2 ? { "latent-plane": model.decode(plane(20, 2.5)).mean } : {}),
  }));
  tf.dispose(Object.values(inputs));
  for (const [name, images] of Object.entries(sheets)) {
    const columns = name === "latent-plane" ? 20 : 16;
    await writeSheet(`${flags.out}/${name}.png`, images, { columns });
    images.dispose();
  }

  const { bound, terms, logLikelihood } = await evaluate(model, test, {
    seed,
    importanceSamples: 100,
  });
  const nats = (name: string) => terms.find((term) => term.name === name)?.nats;
  model.dispose();
  console.log(
    JSON.stringify({
      testElbo: bound!.nats,
      reconstruction: nats("reconstruction"),
      divergence: nats("divergence"),
      logLikelihood: logLikelihood!.nats,
      logLikelihoodStandardError: logLikelihood!.standardError,
      epochs: history.length,
      steps,
      samplesPerSecond: Math.round((history.length * train.size) / trainingSeconds),
      seconds: Math.round((performance.now() - started) / 100) / 10,
      backend,
      seed,
    }),
  );
}

/** One half of the rows, and the other. */
function ends(latents: tf.Tensor): [from: tf.Tensor, to: tf.Tensor] {
  return tf.split(latents, 2) as [tf.Tensor, tf.Tensor];
}

/** A square grid of two latents `[n², 2]`, from −range to range, the second one upwards. */
function plane(n: number, range: number): tf.Tensor {
  const line = tf.linspace(-range, range, n);
  const [across, down] = tf.meshgrid(line, line) as [tf.Tensor, tf.Tensor];
  return tf.stack([across.flatten(), down.neg().flatten()], 1);
}

const grey = await handwrittenDigits();
if (flags.likelihood === "normal") {
  await trainAndDraw(likelihoods.normal(), grey);
} else {
  await trainAndDraw(likelihoods.bernoulli(), binarize(grey, { threshold: 0.5 }));
}
