import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  allRows,
  dataset,
  divergences,
  fit,
  imputations,
  likelihoods,
  presets,
  reconstructions,
  seed,
  uniformNoise,
  vae,
} from "../../../mod.ts";
import { onBackends } from "../../helpers/backends.ts";
import { linearGaussian, points, secondGivenFirst } from "../../helpers/linear_gaussian.ts";
import { tinyData, tinyModel, tinyParts } from "../../helpers/tiny.ts";

/** The points without their second entry. */
const halves = dataset(points.map(([x]) => [x!, NaN]), {
  support: "real",
  mask: points.map(() => [1, 0]),
});

onBackends(
  "imputations() are the mean given what was observed, as it is known exactly",
  async () => {
    // The encoder was made for whole rows and sees a 0: only the weights put that right.
    const model = linearGaussian(1.5);
    const { shape, values } = await allRows(
      imputations(model, halves, { seed: 1, samples: 20000 }),
    );
    assert.deepEqual(shape, [2]);
    points.forEach(([x], i) => {
      assert.equal(values[2 * i], Math.fround(x!), "observed entries are as they were");
      const { mean } = secondGivenFirst(x!);
      assert(Math.abs(values[2 * i + 1]! - mean) < 0.03, `${values[2 * i + 1]}, not ${mean}`);
    });
    model.dispose();
  },
);

onBackends(
  "imputations() with draws have the mean and variance that are known exactly",
  async () => {
    const model = linearGaussian(1.5), draws = 400;
    const options = { seed: 1, samples: 2500, draws };
    const { shape, values } = await allRows(imputations(model, halves, options));
    assert.deepEqual(shape, [draws, 2]);
    points.forEach(([x], i) => {
      const row = values.subarray(i * draws * 2, (i + 1) * draws * 2);
      assert(row.every((value, at) => at % 2 === 1 || value === Math.fround(x!)));
      const missing = row.filter((_, at) => at % 2 === 1);
      const average = missing.reduce((sum, value) => sum + value, 0) / draws;
      const spread = missing.reduce((sum, value) => sum + (value - average) ** 2, 0) / draws;
      const { mean, variance } = secondGivenFirst(x!);
      // Six standard errors of 400 draws, and what 2,500 samples may be off by.
      assert(
        Math.abs(average - mean) < 6 * Math.sqrt(variance / draws) + 0.03,
        `${average}, ${mean}`,
      );
      assert(Math.abs(spread / variance - 1) < 6 * Math.sqrt(2 / draws) + 0.1, `${spread}`);
    });
    model.dispose();
  },
);

Deno.test("impute() takes samples and draws in chunks, and keeps the result alone", () => {
  const model = linearGaussian(1.5), batch = halves.rows([0, 1, 2, 3]);
  const before = tf.memory().numTensors;
  for (const draws of [undefined, 3, 1100]) {
    // 1,024 samples or draws of four rows are decoded at once: this takes two turns of either.
    const filled = model.impute(batch, { seed: 1, samples: 1100, draws });
    assert.deepEqual(filled.shape, draws === undefined ? [4, 2] : [4, draws, 2]);
    assert.equal(tf.memory().numTensors, before + 1);
    filled.dispose();
  }
  tf.dispose(Object.values(batch));
  model.dispose();
});

Deno.test("impute() without a mask gives the data back", () => {
  const model = tinyModel(), batch = tinyData().rows([0, 1]);
  tf.tidy(() => {
    const same = model.impute(batch, { seed: 1, samples: 2 });
    assert.deepEqual(same.arraySync(), batch.x.arraySync());
    const copies = model.impute(batch, { seed: 1, samples: 2, draws: 3 });
    assert.deepEqual(copies.shape, [2, 3, 6]);
    assert.deepEqual(
      tf.squeeze(tf.slice(copies, [0, 2, 0], [2, 1, 6])).arraySync(),
      batch.x.arraySync(),
    );
  });
  tf.dispose(Object.values(batch));
  model.dispose();
});

/** Rows of age, whether one smokes, and a job that follows from both. */
function people(rows: number): number[][] {
  return tf.tidy(() => {
    const noise = uniformNoise(seed(3), [rows, 2]).arraySync() as number[][];
    return noise.map(([u, v]) => {
      const young = u! < 0.5;
      return [young ? -1 + 0.2 * v! : 1 - 0.2 * v!, Number(young), young ? 2 : 1];
    });
  });
}

onBackends("imputations() fill in quantities, bits and classes of a table", async () => {
  const columns = {
    age: likelihoods.normal(),
    smokes: likelihoods.bernoulli(),
    job: likelihoods.categorical({ categories: 3 }),
  };
  const support = { age: "real", smokes: "binary", job: "category" } as const;
  const model = presets.tabularVae({ columns, latent: 1, hidden: [16] });
  const rows = people(128);
  // Every entry is missing in some rows, never all of one row.
  const mask = rows.map((_, i) => [0, 1, 2].map((column) => Number(column !== i % 4)));
  const data = dataset(rows, { support, mask });
  await fit(model, data, { epochs: 60, batchSize: 32, learningRate: 0.02 });

  const stream = imputations(model, data, { seed: 1, samples: 50 });
  assert.deepEqual(stream.columns, ["age", "smokes", "job"]);
  const { values } = await allRows(stream);
  const drawn = await allRows(imputations(model, data, { seed: 1, samples: 50, draws: 20 }));
  const wrong = { age: 0, smokes: 0, job: 0, draws: 0 };
  rows.forEach(([age, smokes, job], i) => {
    const [filledAge, filledSmokes, filledJob] = values.subarray(3 * i, 3 * i + 3);
    if (mask[i]![0] === 0) wrong.age += Number(Math.abs(filledAge! - age!) > 0.5);
    else assert.equal(filledAge, Math.fround(age!));
    if (mask[i]![1] === 0) wrong.smokes += Number(Math.abs(filledSmokes! - smokes!) > 0.5);
    else assert.equal(filledSmokes, smokes);
    assert([0, 1, 2].includes(filledJob!), "a code of a class, not a mean of codes");
    if (mask[i]![2] === 0) {
      wrong.job += Number(filledJob !== job);
      const jobs = Array.from({ length: 20 }, (_, r) => drawn.values[(i * 20 + r) * 3 + 2]);
      wrong.draws += jobs.filter((draw) => draw !== job).length / 20;
    }
  });
  assert(
    wrong.age < 4 && wrong.smokes < 4 && wrong.job < 4 && wrong.draws < 5,
    JSON.stringify(wrong),
  );

  const again = await allRows(reconstructions(model, data));
  rows.forEach(([, , job], i) => assert([0, 1, 2].includes(again.values[3 * i + 2]!), `${job}`));
  model.dispose();
});

Deno.test("impute() says what it cannot know of a likelihood, and draws all the same", () => {
  const { categories: _, ...unsaid } = likelihoods.categorical({ categories: 3 });
  const silent = vae({ ...tinyParts, likelihood: unsaid, divergence: divergences.kl() });
  tf.tidy(() => {
    const batch = { x: tf.ones([2, 6]), mask: tf.zeros([2, 6]) }, options = { seed: 1, samples: 2 };
    assert.throws(
      () => silent.impute(batch, options),
      /Cannot impute as a likelihood of classes must say how many there are \(or 'draws' be given\)/,
    );
    assert.deepEqual(silent.impute(batch, { ...options, draws: 4 }).shape, [2, 4, 6]);
  });
  silent.dispose();
});
