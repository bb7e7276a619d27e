/**
 * A prior that Elbo does not have: p(z) = ∏ Logistic(z | 0, s), with a scale s that is learned.
 *
 *     deno run --allow-read examples/custom_prior.ts
 *
 * log p(z) = −z/s − 2 log(1 + e^(−z/s)) − log s. Its tails are heavier than those of a normal.
 * The last line is one JSON object; everything in it is in nats per datum.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- an example is there to be read
import { parseArgs } from "node:util";
import {
  binarize,
  callbacks,
  type Distribution,
  distributions,
  divergences,
  evaluate,
  type Factorized,
  fit,
  initializers,
  likelihoods,
  networks,
  posteriors,
  type Prior,
  priors,
  split,
  sumOverEvent,
  type Tensor,
  uniformNoise,
  useBackend,
  vae,
} from "../mod.ts";
import { tf } from "../core/tf.ts";
import { DIGIT, handwrittenDigits } from "./helpers/handwritten_digits.ts";

/** The logistic distribution around 0, with scale s `[1, …event]`. */
function logisticDistribution(scale: Tensor): Factorized<"logistic"> {
  const [batch, ...event] = scale.shape as [number, ...number[]];
  const logDensities = (value: Tensor): Tensor => {
    const standardized = tf.neg(tf.div(value, scale));
    const tails = tf.add(tf.mul(tf.softplus(standardized), 2), tf.log(scale));
    return tf.sub(standardized, tails);
  };
  const logProb = (value: Tensor): Tensor => sumOverEvent(logDensities(value), event);
  return {
    family: "logistic",
    domain: "real",
    reparameterized: true,
    batch,
    event,
    draw: (seed, samples = 1) => {
      const u = uniformNoise(seed, [samples, batch, ...event]);
      const value = tf.mul(scale, tf.log(tf.div(u, tf.sub(1, u))));
      return { value, logProb: () => logProb(value) };
    },
    logDensities,
    logProb,
  };
}

/** The prior: one weight from the scope, and a function that makes p(z) of its current value. */
export function logistic(): Prior<Factorized<"logistic">> {
  return {
    kind: "prior",
    name: "logistic",
    options: {},
    build: (scope) => {
      const rawScale = scope.weight("rawScale", [1, ...scope.latent], initializers.zeros);
      return () => logisticDistribution(distributions.positiveScale(rawScale()));
    },
  };
}

/** The ELBO of digits that a model with some prior has not seen, in nats per digit. */
async function testElbo(prior: Prior<Distribution>, epochs: number): Promise<number> {
  const digits = binarize(await handwrittenDigits(), { threshold: 0.5 });
  const { train, test } = split(digits, { train: 4000, test: 1000 }, { seed: 0 });
  const model = vae({
    data: DIGIT,
    latent: 10,
    encoder: networks.mlp({ hidden: [200] }),
    decoder: networks.mlp({ hidden: [200] }),
    posterior: posteriors.diagonalNormal(),
    prior, // logistic() or standardNormal(): the one word that changes
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
  await fit(model, train, {
    epochs,
    batchSize: 64,
    learningRate: 2e-3,
    callbacks: [callbacks.progressBar()],
  });
  const { bound } = await evaluate(model, test, { seed: 0 });
  model.dispose();
  return bound!.nats;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { epochs: { type: "string", default: "8" } } });
  const epochs = Number(values.epochs);
  await useBackend();
  console.log(
    JSON.stringify({
      logistic: await testElbo(logistic(), epochs),
      standardNormal: await testElbo(priors.standardNormal(), epochs),
    }),
  );
}
