// deno run --allow-import=localhost:8000 --allow-read examples/quickstart.ts
import * as elbo from "http://localhost:8000/mod.ts";

await elbo.useBackend();
// Sixteen pixels each: one bar of four, lying or standing, on a square.
const bar = (i: number) => (_: unknown, p: number) => +((i < 4 ? p >> 2 : p % 4) === i % 4);
const pictures = Array.from({ length: 512 }, (_, i) => Array.from({ length: 16 }, bar(i % 8)));

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
await elbo.fit(model, data, { epochs: 80, batchSize: 64, learningRate: 0.02 });

model.sample(1, { seed: 1 }).reshape([4, 4]).print();
const { bound } = await elbo.evaluate(model, data, { seed: 1 });
console.log(JSON.stringify({ elbo: bound?.nats })); // nats per picture
