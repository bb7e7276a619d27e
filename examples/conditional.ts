/**
 * Trains a conditional variational autoencoder on handwritten digits: encoder, decoder and prior are
 * told the class of a digit, so that the latents are left with how it is written.
 *
 *     deno run --allow-read --allow-write=out examples/conditional.ts
 *
 * log p(x|c) ≥ E_q(z|x,c)[log p(x|z,c)] − KL(q(z|x,c) ‖ p(z|c)), with the class c as a one-hot condition.
 * Sohn, Lee and Yan, "Learning structured output representation using deep conditional generative
 * models", NeurIPS 2015. `classes.png` has one row of new digits for each class.
 *
 * --latent 10     the number of latents
 * --epochs 24     how often to go through the digits
 * --seed 0        another seed, other digits to train on and other noise
 * --backend wasm  webgpu, wasm or cpu; the first that starts unless told
 * --out out       the folder of the picture, which --allow-write has to name
 *
 * The last line is one JSON object: the ELBO of the test digits in nats per datum with their own
 * class and with the next one, and the share of them that have their highest ELBO with their own.
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
  fit,
  likelihoods,
  networks,
  posteriors,
  priors,
  split,
  useBackend,
  vae,
} from "../mod.ts";
import { tf } from "../core/tf.ts";
import { CLASSES, DIGIT, handwrittenDigits } from "./helpers/handwritten_digits.ts";
import { writeSheet } from "./helpers/pictures.ts";

const { values: flags } = parseArgs({
  options: {
    epochs: { type: "string", default: "24" },
    latent: { type: "string", default: "10" },
    seed: { type: "string", default: "0" },
    backend: { type: "string" },
    out: { type: "string", default: "out" },
  },
});
const latent = Number(flags.latent);
const seed = Number(flags.seed);
await Deno.mkdir(flags.out, { recursive: true }); // Before the work, not after it.

const { backend } = await useBackend(
  flags.backend === undefined ? {} : { backend: flags.backend as BackendName },
);
const digits = binarize(await handwrittenDigits({ labels: true }), { threshold: 0.5 });
const { train, validation, test } = split(
  digits,
  { train: 8500, validation: 500, test: 1000 },
  { seed },
);
const model = vae({
  data: DIGIT,
  latent,
  condition: [CLASSES],
  encoder: networks.mlp({ hidden: [400], activation: "silu" }),
  decoder: networks.mlp({ hidden: [128, 400], activation: "silu" }),
  posterior: posteriors.diagonalNormal(),
  prior: priors.conditionalNormal({ network: networks.mlp({ hidden: [] }) }),
  likelihood: likelihoods.bernoulli(),
  divergence: divergences.kl(),
  seed,
});
console.log(model.summary(), `\n\non ${backend}`);
const { history, steps } = await fit(model, train, {
  epochs: Number(flags.epochs),
  learningRate: 2e-3,
  validation,
  callbacks: [callbacks.progressBar()],
  seed,
});

// Sixteen digits of each class.
const COLUMNS = 16;
const sheet = tf.tidy(() => {
  const labels = Array.from({ length: CLASSES * COLUMNS }, (_, i) => Math.floor(i / COLUMNS));
  return model.sample(labels.length, { seed, mean: true, condition: oneHot(labels) });
});
await writeSheet(`${flags.out}/classes.png`, sheet, { columns: COLUMNS });
sheet.dispose();

/** Classes as the conditions that they are `[n, classes]`. */
function oneHot(labels: readonly number[]): tf.Tensor {
  return tf.oneHot(tf.tensor1d([...labels], "int32"), CLASSES).cast("float32");
}

/** The ELBO of every test digit as if it were of each class `[classes, n]`, and the true classes. */
const { elbos, classes } = tf.tidy(() => {
  const { x, condition } = test.rows(Array.from({ length: test.size }, (_, i) => i));
  const elbos = Array.from({ length: CLASSES }, (_, label) => {
    const given = oneHot(Array(test.size).fill(label));
    return model.elbo({ x, condition: given }, { seed, samples: 4 }).bound!.nats;
  });
  return {
    elbos: tf.stack(elbos).arraySync() as number[][],
    classes: condition!.argMax(1).arraySync(),
  };
});
model.dispose();
const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const own = (classes as number[]).map((label, i) => elbos[label]![i]!);
const next = (classes as number[]).map((label, i) => elbos[(label + 1) % CLASSES]![i]!);
const best = own.map((nats, i) => Number(elbos.every((row) => row[i]! <= nats)));
console.log(
  JSON.stringify({
    testElbo: mean(own),
    testElboOfNextClass: mean(next),
    accuracy: mean(best),
    epochs: history.length,
    steps,
    backend,
    seed,
  }),
);
