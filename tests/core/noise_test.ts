// Where noise has to be new, and where it has to be the same.
import assert from "node:assert/strict";
import { tf } from "../../core/deps.ts";
import {
  dataset,
  type distributions,
  divergences,
  fit,
  likelihoods,
  networks,
  type Posterior,
  posteriors,
  priors,
  type Seed,
  vae,
} from "../../mod.ts";
import { tinyData, tinyParts } from "../helpers/tiny.ts";

/** A diagonal normal posterior that takes down the seed of every draw. */
function recording(
  keys: string[],
): Posterior<posteriors.DiagonalNormalHeads, distributions.Normal> {
  const honest = posteriors.diagonalNormal();
  return {
    ...honest,
    build: (scope) => {
      const build = honest.build(scope);
      return (outputs, context) => {
        const q = build(outputs, context);
        const draw = (seed: Seed, samples?: number) => {
          keys.push(seed.key.join());
          return q.draw(seed, samples);
        };
        return Object.assign(Object.create(q), { draw });
      };
    },
  };
}

Deno.test("every step of a run, and every chunk of importance samples, has its own noise", async () => {
  const keys: string[] = [];
  const model = vae({
    ...tinyParts,
    posterior: recording(keys),
    divergence: divergences.kl(),
  });
  keys.length = 0;
  await fit(model, tinyData(), { steps: 12, batchSize: 16 });
  assert.equal(keys.length, 12);
  assert.equal(new Set(keys).size, 12);

  keys.length = 0;
  const { x } = tinyData().rows([0, 1]);
  tf.dispose([x, ...Object.values(model.logLikelihood(x, { seed: 1, samples: 9000 }))]);
  assert(keys.length > 2, "more than one chunk");
  assert.equal(new Set(keys).size, keys.length);
  model.dispose();
});

Deno.test("importance samples of several chunks are no copies of the first", () => {
  const linear = networks.mlp({ hidden: [] });
  const model = vae({
    data: [1],
    latent: 1,
    encoder: linear,
    decoder: linear,
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.normal({ scale: 0.5 }),
    divergence: divergences.kl(),
  });
  // The exact posterior is N(0.8 x, 0.2); this one is somewhat wider.
  const weights = {
    "decoder/mean/kernel": [[1]],
    "encoder/mean/kernel": [[0.8]],
    "encoder/rawScale/kernel": [[0]],
    "encoder/rawScale/bias": [Math.log(Math.expm1(0.6))],
  };
  for (const [path, values] of Object.entries(weights)) {
    tf.tidy(() => model.parameters.get(path)!.assign(tf.tensor(values)));
  }
  // x ~ N(0, 1 + ½²), whatever the posterior; 3 chunks of 4,096 samples of one datum.
  const x = tf.tensor2d([[0.8]]), exact = -0.5 * (0.8 ** 2 / 1.25 + Math.log(2 * Math.PI * 1.25));
  let squares = 0;
  const runs = 20;
  for (let seed = 0; seed < runs; seed++) {
    const { nats, standardError } = model.logLikelihood(x, { seed, samples: 3 * 4096 });
    squares += ((nats.dataSync()[0]! - exact) / standardError.dataSync()[0]!) ** 2 / runs;
    tf.dispose([nats, standardError]);
  }
  // χ²₂₀/20 exceeds 2.3 once in 1,000; copies of one chunk would make it 3.
  assert(squares < 2.3 && squares > 0.2, `${squares}`);
  x.dispose();
  model.dispose();
});

Deno.test("sample() decodes draws of the prior, and draws the data from other noise", () => {
  const identity = networks.mlp({ hidden: [] });
  const model = vae({
    data: [1],
    latent: 1,
    encoder: identity,
    decoder: identity,
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.normal({ scale: 1 }),
    divergence: divergences.kl(),
  });
  tf.tidy(() => {
    model.parameters.get("decoder/mean/kernel")!.assign(tf.tensor2d([[1]]));
    const n = 4000;
    const variance = (x: tf.Tensor): number => tf.moments(x).variance.dataSync()[0]!;
    // x = z + ε: variance 1 for the mean, and 2 only if z and ε are independent. Standard errors
    // are √(2/n) times the variance; five of them.
    assert(Math.abs(variance(model.sample(n, { seed: 3, mean: true })) - 1) < 0.12);
    assert(Math.abs(variance(model.sample(n, { seed: 3 })) - 2) < 0.23);
  });
  model.dispose();
});

Deno.test("fit() shuffles the rows anew in every epoch", async () => {
  const seen: number[][] = [];
  const x = Float32Array.from({ length: 8 }, (_, i) => i);
  const numbers = dataset(x, { shape: [1], support: "real" });
  const model = vae({
    data: [1],
    latent: 1,
    encoder: networks.mlp({ hidden: [4] }),
    decoder: networks.mlp({ hidden: [4] }),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: likelihoods.normal(),
    divergence: divergences.kl(),
  });
  const watched = {
    ...numbers,
    batches: async function* (options: Parameters<typeof numbers.batches>[0]) {
      for await (const batch of numbers.batches(options)) {
        seen.push([...batch.x.dataSync()]);
        yield batch;
      }
    },
  };
  await fit(model, watched, { epochs: 3, batchSize: 8 });
  assert.equal(new Set(seen.map(String)).size, 3);
  for (const epoch of seen) assert.deepEqual(epoch.toSorted(), [...x]);
  model.dispose();
});
