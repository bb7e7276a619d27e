// deno run --allow-import=localhost:8000 --allow-read examples/quickstart.ts
import * as elbo from "http://localhost:8000/mod.ts";

await elbo.useBackend();

// Pictures of 4 × 4 pixels, each with one bar, lying or standing.
const pictures = Array.from(
  { length: 512 },
  (_, i) => Array.from({ length: 16 }, (_, p) => Number((i % 8 < 4 ? p >> 2 : p & 3) === i % 4)),
);

const model = elbo.vae({
  data: [16],
  latent: 3,
  encoder: elbo.networks.mlp({ hidden: [64] }),
  decoder: elbo.networks.mlp({ hidden: [64] }),
  posterior: elbo.posteriors.diagonalNormal(),
  prior: elbo.priors.standardNormal(),
  likelihood: elbo.likelihoods.bernoulli(),
  divergence: elbo.divergences.kl(),
});
const data = elbo.dataset(pictures, { support: "binary" });
const { history } = await elbo.fit(model, data, { epochs: 100, batchSize: 64, learningRate: 5e-3 });

model.sample(1, { seed: 7, mean: true }).reshape([4, 4]).print();
console.log(JSON.stringify({ elbo: history.map(({ training }) => training.objective).at(-1) }));
