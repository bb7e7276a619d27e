/**
 * Trains with the npm package, on one backend after the other; each says its result in a line of JSON.
 *
 * @module
 */
// deno-lint-ignore-file no-console -- its lines are read
import {
  type BackendName,
  dataset,
  divergences,
  fit,
  likelihoods,
  networks,
  posteriors,
  priors,
  useBackend,
  vae,
} from "elbo";
import { tf } from "elbo/tf";

/** The ELBO of the first epoch and the last, in nats. */
async function train(backend: BackendName): Promise<void> {
  const { wasm } = await useBackend({ backend, wasmPath: "./wasm/" });
  const model = vae({
    data: [4],
    latent: 2,
    encoder: networks.mlp({ hidden: [16] }),
    decoder: networks.mlp({ hidden: [16] }),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.bernoulli(),
    divergence: divergences.kl(),
  });
  const data = dataset([[0, 0, 1, 1], [1, 1, 0, 0]], { support: "binary" });
  const { history } = await fit(model, data, { epochs: 20, batchSize: 2, learningRate: 0.01 });
  const objectives = history.map(({ training }) => training.objective);
  model.dispose();
  console.log(JSON.stringify({
    backend: tf.getBackend(),
    threads: wasm?.threads,
    first: objectives[0],
    last: objectives.at(-1),
  }));
}

for (const backend of ["cpu", "wasm"] as const) await train(backend);
