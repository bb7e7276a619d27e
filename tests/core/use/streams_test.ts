import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  allRows,
  anomalyScores,
  type Dataset,
  dataset,
  divergences,
  embeddings,
  imputations,
  likelihoods,
  logLikelihoods,
  posteriors,
  presets,
  reconstructions,
  type RowStream,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onBackends } from "../../helpers/backends.ts";
import {
  evidence,
  evidenceOfFirst,
  linearGaussian,
  points,
} from "../../helpers/linear_gaussian.ts";
import { tinyData, tinyModel, tinyParts } from "../../helpers/tiny.ts";

type Model = ReturnType<typeof tinyModel>;

/** The same uses of a model, for batches of some size. */
const USES: Readonly<
  Record<string, (model: Model, data: Dataset<"binary">, batchSize: number) => RowStream>
> = {
  embeddings: (model, data, batchSize) => embeddings(model, data, { batchSize }),
  "embeddings drawn": (model, data, batchSize) => embeddings(model, data, { batchSize, seed: 1 }),
  reconstructions: (model, data, batchSize) => reconstructions(model, data, { batchSize }),
  "reconstructions drawn": (model, data, batchSize) =>
    reconstructions(model, data, { batchSize, seed: 1 }),
  logLikelihoods: (model, data, batchSize) =>
    logLikelihoods(model, data, { batchSize, seed: 1, samples: 5 }),
  anomalyScores: (model, data, batchSize) =>
    anomalyScores(model, data, { batchSize, seed: 1, samples: 5 }),
  imputations: (model, data, batchSize) =>
    imputations(model, data, { batchSize, seed: 1, samples: 5 }),
  "imputations drawn": (model, data, batchSize) =>
    imputations(model, data, { batchSize, seed: 1, samples: 5, draws: 3 }),
};

/** The tiny data, with every third entry missing. */
function withGaps(rows: number): Dataset<"binary"> {
  const whole = tinyData(rows), { x } = whole.rows(Array.from({ length: rows }, (_, i) => i));
  const mask = Float32Array.from({ length: rows * 6 }, (_, i) => Number(i % 3 !== 0));
  const data = dataset(x, { support: "binary", mask });
  x.dispose();
  return data;
}

/** Many batches of which none exists before it is asked for; it counts those that were. */
function endless(rows: number): Dataset<"binary"> & { taken: number } {
  const few = withGaps(96);
  return {
    ...few,
    support: "binary",
    size: rows,
    taken: 0,
    async *batches({ size }) {
      for (let start = 0; start < rows; start += size) {
        this.taken++;
        yield* few.batches({ size: Math.min(size, rows - start) });
      }
    },
  };
}

onBackends("every use of a dataset gives the same numbers whatever the batch size", async () => {
  const model = tinyModel(), data = withGaps(70);
  for (const [name, use] of Object.entries(USES)) {
    const whole = await allRows(use(model, data, 70));
    assert.equal(whole.size, 70, name);
    for (const batchSize of [1, 32, 50]) {
      const again = await allRows(use(model, data, batchSize));
      assert.deepEqual(again.shape, whole.shape);
      // Without noise batches are computed as they come, and rounded as they come.
      if (name.includes("drawn") || !/^(embed|recon)/.test(name)) {
        assert.deepEqual(again.values, whole.values, `${name}, ${batchSize} rows`);
      } else {
        assertClose([...again.values], [...whole.values], { absolute: 1e-6 });
      }
    }
  }
  model.dispose();
});

Deno.test("a use goes through the rows anew each time, with the same numbers", async () => {
  const model = tinyModel(), data = withGaps(40);
  for (const use of Object.values(USES)) {
    const rows = use(model, data, 16);
    assert.deepEqual((await allRows(rows)).values, (await allRows(rows)).values);
    assert.deepEqual([rows.size, rows.shape], [40, (await allRows(rows)).shape]);
  }
  model.dispose();
});

onBackends("every use keeps a few tensors and one batch, however long the data are", async () => {
  const model = tinyModel();
  for (const [name, use] of Object.entries(USES)) {
    const data = endless(96 * 40), before = tf.memory();
    let chunks = 0, largest = 0;
    for await (const { values } of use(model, data, 96)) {
      // Between two chunks nothing is left of either, and no batch is read ahead.
      assert.equal(tf.memory().numTensors, before.numTensors, name);
      assert.equal(data.taken, ++chunks, name);
      largest = Math.max(largest, values.length);
    }
    assert.equal(chunks, 40);
    assert(largest <= 96 * 6 * 3);
    assert.equal(tf.memory().numBytes, before.numBytes, name);
  }
  model.dispose();
});

Deno.test("conditions, offsets and masks go with their rows, whatever the batch size", async () => {
  const model = vae({
    ...tinyParts,
    condition: [2],
    likelihood: likelihoods.poisson(),
    divergence: divergences.kl(),
  });
  const rows = Array.from({ length: 70 }, (_, i) => i);
  const data = dataset(rows.map((i) => rows.slice(0, 6).map((j) => (i * j) % 5)), {
    support: "count",
    condition: rows.map((i) => [i % 3, -(i % 7)]),
    offset: rows.map((i) => i / 70),
    mask: rows.map((i) => rows.slice(0, 6).map((j) => Number((i + j) % 4 !== 0))),
  });
  const options = { seed: 1, samples: 5 };
  const uses: ((data: Dataset<"count">, batchSize: number) => RowStream)[] = [
    (data, batchSize) => embeddings(model, data, { seed: 1, batchSize }),
    (data, batchSize) => reconstructions(model, data, { seed: 1, batchSize }),
    (data, batchSize) => anomalyScores(model, data, { ...options, batchSize }),
    (data, batchSize) => imputations(model, data, { ...options, batchSize }),
    (data, batchSize) => imputations(model, data, { ...options, batchSize, draws: 2 }),
  ];
  for (const use of uses) {
    const [whole, parts] = await Promise.all([70, 32].map((size) => allRows(use(data, size))));
    assert.deepEqual(parts!.values, whole!.values);
    assert(whole!.values.every(Number.isFinite));
  }
  // Another order of the rows with all that comes with them: the same means for the same rows.
  const first = await allRows(reconstructions(model, data));
  const last = await allRows(reconstructions(model, data.subset(rows.toReversed())));
  rows.forEach((i) => {
    const [a, b] = [first.values.subarray(6 * i, 6 * i + 6), last.values.subarray(6 * (69 - i))];
    a.forEach((value, k) => assert(Math.abs(value - b[k]!) < 1e-5));
  });
  model.dispose();
});

Deno.test("a use that is left early, or fails, leaves nothing behind", async () => {
  const model = tinyModel(), before = tf.memory().numTensors;
  for await (const { size } of embeddings(model, tinyData(64), { batchSize: 8 })) {
    assert.equal(size, 8);
    break;
  }
  assert.equal(tf.memory().numTensors, before);
  const scores = anomalyScores(model, tinyData(64), { seed: 1 });
  model.dispose();
  const after = tf.memory().numTensors;
  await assert.rejects(allRows(scores), /the model must not be disposed/);
  assert.equal(tf.memory().numTensors, after);
});

Deno.test("embeddings() are the mean, the variance or draws of q(z|x)", async () => {
  const model = tinyModel(), data = tinyData(20);
  const { x } = data.rows(Array.from({ length: 20 }, (_, i) => i));
  const [mean, variance] = tf.tidy(() => {
    const q = model.encode(x);
    return [q.mean.dataSync(), q.variance.dataSync()];
  });
  assertClose([...(await allRows(embeddings(model, data))).values], [...mean!], { absolute: 1e-6 });
  const wide = embeddings(model, data, { statistic: "variance" });
  assertClose([...(await allRows(wide)).values], [...variance!], { absolute: 1e-6 });
  assert.deepEqual(wide.columns, ["z0", "z1"]);

  // 400 draws of each: their means lie within six standard errors.
  const sums = new Float64Array(40);
  for (let seed = 0; seed < 400; seed++) {
    const { values } = await allRows(embeddings(model, data, { seed }));
    values.forEach((value, i) => sums[i]! += value / 400);
  }
  sums.forEach((average, i) => {
    assert(Math.abs(average - mean![i]!) < 6 * Math.sqrt(variance![i]! / 400));
  });
  x.dispose();
  model.dispose();
});

Deno.test("rows that are the same are drawn apart, in every group and every batch", async () => {
  const model = tinyModel(),
    data = dataset(Array(100).fill([0, 1, 0, 1, 0, 1]), { support: "binary" });
  const { values } = await allRows(embeddings(model, data, { seed: 1, batchSize: 64 }));
  assert.equal(new Set(values).size, 200);
  const one = await allRows(embeddings(model, data, { seed: 2, batchSize: 64 }));
  assert.equal(new Set([...values, ...one.values]).size, 400);
  model.dispose();
});

Deno.test("embeddings() says what a posterior does not know, and draws from it all the same", async () => {
  const model = vae({
    ...tinyParts,
    posterior: posteriors.inverseAutoregressiveFlow(),
    divergence: divergences.kl(),
  });
  await assert.rejects(
    allRows(embeddings(model, tinyData(4))),
    /Cannot embed as the posterior must know its mean \(or a 'seed' must be given\)/,
  );
  assert.equal((await allRows(embeddings(model, tinyData(4), { seed: 1 }))).size, 4);
  model.dispose();
});

Deno.test("embeddings() of a latent with two axes name both", () => {
  const model = presets.vae({ data: [6], latent: 2 });
  const two = { ...model, spec: { ...model.spec, latent: [2, 2] } };
  assert.deepEqual(embeddings(two, tinyData(4)).columns, ["z0_0", "z0_1", "z1_0", "z1_1"]);
  model.dispose();
});

Deno.test("reconstructions() are those of the model, batch by batch", async () => {
  const model = tinyModel(), data = tinyData(20);
  const { x } = data.rows(Array.from({ length: 20 }, (_, i) => i));
  const direct = tf.tidy(() => model.reconstruct(x).dataSync());
  const { values, shape } = await allRows(reconstructions(model, data, { batchSize: 7 }));
  assert.deepEqual(shape, [6]);
  assertClose([...values], [...direct], { absolute: 1e-6 });
  x.dispose();
  model.dispose();
});

Deno.test("logLikelihoods() are those of the model, with their standard errors", async () => {
  const model = linearGaussian(1.3), data = dataset(points, { support: "real" });
  for await (
    const { values, standardErrors } of logLikelihoods(model, data, { seed: 1, samples: 2000 })
  ) {
    points.forEach((point, i) => {
      // Five standard errors: a false alarm in about 10⁶ per datum, and the seed is fixed.
      assert(Math.abs(values[i]! - evidence(point)) < 5 * standardErrors[i]!);
      assert(standardErrors[i]! < 0.05);
    });
  }
  model.dispose();
});

Deno.test("anomalyScores() are −log p(x), −ELBO or −E[log p(x|z)]", async () => {
  const model = linearGaussian(1.5), data = dataset(points, { support: "real" });
  const options = { seed: 1, samples: 4000 };
  const scores = async (score?: "logLikelihood" | "elbo" | "reconstruction") =>
    (await allRows(anomalyScores(model, data, { ...options, ...(score && { score }) }))).values;
  const [exact, elbo, reconstruction] = [
    await scores(),
    await scores("elbo"),
    await scores("reconstruction"),
  ];
  points.forEach((point, i) => {
    assert(Math.abs(exact[i]! + evidence(point)) < 0.03, `${exact[i]}`);
    assert(elbo[i]! > exact[i]! + 0.05, "the ELBO lies below log p(x)");
    assert(reconstruction[i]! < elbo[i]!, "the KL is not negative");
  });
  model.dispose();
});

Deno.test("anomalyScores() go by what was observed", async () => {
  const model = linearGaussian(1.5);
  const mask = points.map(() => [1, 0]);
  const data = dataset(points.map(([x]) => [x!, NaN]), { support: "real", mask });
  const { values } = await allRows(anomalyScores(model, data, { seed: 1, samples: 4000 }));
  points.forEach(([x], i) => assert(Math.abs(values[i]! + evidenceOfFirst(x!)) < 0.05));
  model.dispose();
});

Deno.test("uses refuse what does not fit, before anything is computed", () => {
  const model = tinyModel(), data = tinyData(4);
  const narrow = dataset([[0, 1]], { support: "binary" });
  assert.throws(
    () => embeddings(model, narrow),
    /Cannot embed as the data must have rows of shape \[6\]: current value is \[2\]/,
  );
  assert.throws(
    () => reconstructions(model, data, { batchSize: 0 }),
    /Cannot reconstruct as 'batchSize' must be a positive integer: current value is 0/,
  );
  assert.throws(
    () => logLikelihoods(model, data, { seed: 1, samples: 0.5 }),
    /Cannot estimate log p\(x\) as 'samples' must be a positive integer: current value is 0.5/,
  );
  assert.throws(
    () => anomalyScores(model, data, { seed: 1, score: "ELBO" as "elbo" }),
    /'score' must be one of logLikelihood, elbo, reconstruction: current value is 'ELBO'/,
  );
  assert.throws(
    () => embeddings(model, data, { statistic: "mode" as "mean" }),
    /'statistic' must be 'mean' or 'variance': current value is 'mode'/,
  );
  assert.throws(
    () => embeddings(model, data, { statistic: "mean", seed: 1 }),
    /'statistic' must not be given beside a 'seed': current value is 'mean'/,
  );
  assert.throws(
    () => imputations(model, data, { seed: 1, draws: 0 }),
    /Cannot impute as 'draws' must be a positive integer: current value is 0/,
  );
  model.dispose();
  assert.throws(() => embeddings(model, data), /Cannot embed as the model must not be disposed/);
});
