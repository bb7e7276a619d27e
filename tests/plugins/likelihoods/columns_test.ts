import assert from "node:assert/strict";
import { bernoulliPmf as pmf, normalLogpdf as logpdf } from "../../deps.ts";
import { AT_REST, type Context } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import {
  type Dataset,
  dataset,
  divergences,
  evaluate,
  fit,
  type Heads,
  type Likelihood,
  likelihoods,
  load,
  narrow,
  networks,
  posteriors,
  priors,
  save,
  seed as seedOf,
  uniformNoise,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { inFolder } from "../../helpers/run.ts";

const { bernoulli, categorical, columns, normal } = likelihoods;

await useBackend({ backend: "cpu" });

/** A likelihood of three columns of three kinds. */
const person = () =>
  columns({ age: normal(), smokes: bernoulli(), job: categorical({ categories: 3 }) });

const SUPPORT = { age: "real", smokes: "binary", job: "category" } as const;

/** A model of a table. */
function model() {
  return vae({
    data: [3],
    latent: 2,
    encoder: networks.mlp({ hidden: [8] }),
    decoder: networks.mlp({ hidden: [8] }),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: person(),
    divergence: divergences.kl(),
  });
}

/** People of two kinds: young ones who smoke and have one job, and old ones who do not. */
function people(rows: number): number[][] {
  const noise = [...uniformNoise(seedOf(1), [rows, 2]).dataSync()];
  return Array.from({ length: rows }, (_, i) => {
    const old = noise[2 * i]! < 0.5, jitter = noise[2 * i + 1]!;
    return old ? [1 + jitter, 0, jitter < 0.5 ? 0 : 1] : [-1 - jitter, 1, 2];
  });
}

Deno.test("columns() has the support, the classes and the heads of its columns", () => {
  const { kind, name, options, support, categories, heads } = person();
  assert.deepEqual([kind, name, support], ["likelihood", "columns", SUPPORT]);
  assert.deepEqual(categories, { job: 3 });
  assert.deepEqual(heads([3]), {
    "age.mean": [1],
    "smokes.logits": [1],
    "job.logits": [1, 3],
  });
  const again = columns(options as Parameters<typeof columns>[0]);
  assert.deepEqual([again.support, again.heads([3])], [support, heads([3])]);
});

Deno.test("columns() scores every column by its own likelihood, whose weights it names", () => {
  const shapes = { data: [3], latent: [2], support: SUPPORT } as const;
  const { scope, variables } = openParameters(shapes, seed(0));
  const build = person().build(scope);
  assert.deepEqual([...variables.keys()], ["age/rawScale"]);
  tf.tidy(() => {
    const outputs = {
      "age.mean": tf.tensor2d([[2], [0]]),
      "smokes.logits": tf.tensor2d([[1], [-2]]),
      "job.logits": tf.tensor3d([[[0, 0, 0]], [[0, 1, 0]]]),
    };
    const p = build(outputs, AT_REST);
    assert.deepEqual([p.family, p.batch, p.event], ["blockwise", 2, [3]]);
    const x = [[2.5, 1, 2], [-1, 0, 1]], sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
    const expected = [
      logpdf(2.5, 2, 0.5 + 1e-6) + Math.log(pmf(1, sigmoid(1))) - Math.log(3),
      logpdf(-1, 0, 0.5 + 1e-6) + Math.log(pmf(0, sigmoid(-2))) + 1 - Math.log(2 + Math.E),
    ];
    assertClose(p.logProb(tf.tensor3d([x])), expected, { absolute: 1e-5 });
    assertClose(p.blocks.smokes.mean, [sigmoid(1), sigmoid(-2)], { absolute: 1e-6 });
  });
  tf.dispose([...variables.values()]);
});

Deno.test("columns() tells every column of its own part of the mask", () => {
  const seen: (readonly number[] | undefined)[] = [];
  const watching = (): Likelihood<Heads, "real"> => ({
    ...normal({ scale: 1 }),
    build: () => ({ mean }, { mask }: Context) => {
      seen.push(mask && [...mask.shape, ...mask.dataSync()]);
      return normal({ scale: 1 }).build(undefined as never)({ mean: mean! }, AT_REST);
    },
  });
  tf.tidy(() => {
    const build = columns({ a: watching(), b: watching() }).build({ child: () => {} } as never);
    const outputs = { "a.mean": tf.zeros([2, 1]), "b.mean": tf.zeros([2, 1]) };
    build(outputs, { ...AT_REST, mask: tf.tensor2d([[1, 0], [1, 1]]) });
    build(outputs, AT_REST);
  });
  assert.deepEqual(seen, [[2, 1, 1, 1], [2, 1, 0, 1], undefined, undefined]);
});

Deno.test("columns() refuses what is no likelihood of one column", () => {
  const refuses = (given: unknown, name: string, message: string): void =>
    assert.throws(() => columns(given as Parameters<typeof columns>[0]), {
      name,
      message: `Cannot build likelihood as ${message}`,
    });
  refuses({}, "RangeError", "there must be at least one column: current value is {}");
  refuses(
    { 7: normal() },
    "RangeError",
    "the name of a column must not be a number: current value is '7'",
  );
  refuses(
    { age: normal },
    "TypeError",
    "column 'age' must have a likelihood: current value is function normal",
  );
  refuses(
    { age: priors.standardNormal() },
    "TypeError",
    "column 'age' must have a likelihood: current value is " +
      '{"kind":"prior","name":"standardNormal","options":{}}',
  );
  refuses(
    { people: person() },
    "TypeError",
    "the likelihood of column 'people' must be for one leaf: current value is " +
      JSON.stringify(SUPPORT),
  );
});

Deno.test("vae() refuses a table of another width than the columns", () => {
  assert.throws(
    () =>
      vae({
        data: [4],
        latent: 2,
        encoder: networks.mlp(),
        decoder: networks.mlp(),
        posterior: posteriors.diagonalNormal(),
        prior: priors.standardNormal(),
        likelihood: person(),
        divergence: divergences.kl(),
      }),
    /'support' names 3 columns and 'shape' must be \[3\]: current value is \[4\]/,
  );
});

Deno.test("a model of a table learns it, and draws rows that lie in its support", async () => {
  const table = model(), data = dataset(people(128), { support: SUPPORT });
  const { history } = await fit(table, data, { epochs: 40, batchSize: 32, learningRate: 0.01 });
  const [first, last] = [history[0]!.training, history.at(-1)!.training];
  assert(last.objective > first.objective + 0.5, `${first.objective} → ${last.objective}`);
  const rows = table.sample(400, { seed: 1 });
  const drawn = dataset(rows, { support: SUPPORT });
  assert.deepEqual(drawn.categories, { job: 3 });
  // Who smokes is young, and has the third job.
  const values = rows.arraySync() as [number, number, number][];
  const smokers = values.filter(([, smokes]) => smokes === 1);
  const young = smokers.filter(([age]) => age < 0).length / smokers.length;
  const third = smokers.filter(([, , job]) => job === 2).length / smokers.length;
  assert(smokers.length > 100 && young > 0.85 && third > 0.85, `${young} ${third}`);
  rows.dispose();
  tf.tidy(() => {
    // The means of age and smoking, and the job that is the most probable.
    const batch = data.rows([0, 1, 2, 3]), q = table.encode(batch);
    const { age, smokes, job } = table.decode(q.mean).blocks;
    const reconstructed = table.reconstruct(batch);
    const parts = [age.mean, smokes.mean, tf.cast(tf.argMax(job.logits, -1), "float32")];
    assert.deepEqual(reconstructed.arraySync(), tf.concat(parts, -1).arraySync());
  });
  tf.tidy(() => {
    const { job } = table.decode(tf.zeros([2, 2])).blocks;
    assert.deepEqual(job.probabilities.shape, [2, 1, 3]);
  });
  table.dispose();
});

Deno.test("load() gives back a model of a table, with the likelihood of every column", () =>
  inFolder(async (folder) => {
    const table = model(), data = dataset(people(8), { support: SUPPORT });
    await save(table, folder);
    const same = narrow(await load(folder), SUPPORT);
    assert.equal(same.summary(), table.summary());
    assert.deepEqual(same.categories, { job: 3 });
    const [a, b] = await Promise.all([
      evaluate(table, data, { seed: 1 }),
      evaluate(same, data, { seed: 1 }),
    ]);
    assert.deepEqual(b, a);
    table.dispose();
    same.dispose();
  }));

Deno.test("a model of a table leaves missing entries out, also a whole row of a batch", async () => {
  const table = model(), rows = people(4);
  const mask = [[1, 1, 1], [0, 1, 0], [0, 0, 0], [1, 1, 0]];
  const broken = rows.map((row, i) => row.map((x, k) => mask[i]![k] === 1 ? x : NaN));
  tf.tidy(() => {
    const batch = { x: tf.tensor2d(broken), mask: tf.tensor2d(mask) };
    const { terms: [reconstruction, divergence], bound } = table.elbo(batch, { seed: 1 });
    const nats = reconstruction!.nats.dataSync();
    assert.equal(nats[2], 0);
    assert.equal(bound!.nats.dataSync()[2], -divergence!.nats.dataSync()[2]!);
    assert(nats.every(Number.isFinite) && nats[0] !== 0 && nats[1] !== 0 && nats[3] !== 0);
    const { nats: evidence } = table.logLikelihood(batch, { seed: 1, samples: 2000 });
    // Nothing was seen: log p of nothing is 0.
    assert(Math.abs(evidence.dataSync()[2]!) < 0.1, `${evidence}`);
  });
  assert.throws(
    () => dataset(broken, { support: SUPPORT, mask }),
    /^RangeError: Cannot make dataset as 'mask' must have a 1 in row 2: current value is \[0, 0, 0\]/,
  );
  const seen = [0, 1, 3], some = <T>(list: readonly T[]): T[] => seen.map((i) => list[i]!);
  const data = dataset(some(broken), { support: SUPPORT, mask: some(mask) });
  const { history } = await fit(table, data, { epochs: 3, batchSize: 2 });
  assert(Number.isFinite(history.at(-1)!.training.objective));
  const noJobs = dataset(broken.slice(3), { support: SUPPORT, mask: mask.slice(3) });
  assert.deepEqual(noJobs.categories, { job: 0 });
  table.dispose();
});

Deno.test("a model of a table refuses a mask of another shape", () => {
  const table = model(), x = tf.zeros([2, 3]);
  for (const shape of [[3], [2, 2], [1, 3], [2, 3, 1]]) {
    const mask = tf.ones(shape);
    assert.throws(() => table.elbo({ x, mask }, { seed: 1 }), {
      name: "TypeError",
      message: "Cannot compute the ELBO as 'mask' must be a tensor of shape [2, 3]: " +
        `current value is [${shape.join(", ")}]`,
    });
    mask.dispose();
  }
  assert.throws(
    () => dataset([[0, 1, 2]], { support: SUPPORT, mask: [[1, 1]] }),
    /'mask' must have rows of shape \[3\]: current value is \[2\]/,
  );
  x.dispose();
  table.dispose();
});

Deno.test("a column that does not factorize is scored whole, and refused with a mask", () => {
  const { heads, ...plugin } = normal({ scale: 1 });
  const entangled: Likelihood<Heads, "real"> = {
    ...plugin,
    heads: (event): Heads => heads(event),
    build: (scope) => (outputs, context) => {
      const { logDensities: _, ...whole } = plugin.build(scope)({ mean: outputs.mean! }, context);
      return whole;
    },
  };
  const table = vae({
    data: [2],
    latent: 1,
    encoder: networks.mlp(),
    decoder: networks.mlp(),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: columns({ a: entangled, b: bernoulli() }),
    divergence: divergences.kl(),
  });
  tf.tidy(() => {
    const x = tf.zeros([1, 2]);
    assert(Number.isFinite(table.elbo(x, { seed: 1 }).bound!.nats.dataSync()[0]));
    assert.throws(() => table.elbo({ x, mask: tf.ones([1, 2]) }, { seed: 1 }), {
      message: "Cannot score data with a mask as the likelihood must be factorized " +
        "(have 'logDensities'): current value is 'blockwise'",
    });
  });
  table.dispose();
});

Deno.test("fit() says which column of the data is not that of the likelihood", async () => {
  const table = model();
  const refuses = async (data: unknown, message: string): Promise<void> => {
    const given = data as Dataset<typeof SUPPORT>;
    await assert.rejects(fit(table, given), { message: `Cannot fit as ${message}` });
  };
  await refuses(
    dataset([[0, 0, 0]], { support: { age: "real", job: "category", smokes: "binary" } }),
    "column 1 of the data must be 'smokes', as in likelihood 'columns': current value is 'job'",
  );
  await refuses(
    dataset([[0, 0, 0]], { support: { age: "real", smoker: "binary", job: "category" } }),
    "column 1 of the data must be 'smokes', as in likelihood 'columns': current value is 'smoker'",
  );
  await refuses(
    dataset([[0, 0, 0]], { support: { age: "real", smokes: "unit", job: "category" } }),
    "column 'smokes' of the data must lie in the support 'binary' of likelihood 'columns': " +
      "current value is 'unit'",
  );
  await refuses(
    dataset([[0, 0, 0]], { support: "real" }),
    "the data must lie in the support of columns of likelihood 'columns': current value is 'real'",
  );
  await refuses(
    dataset([[0, 0, 3]], { support: SUPPORT }),
    "every code in column 'job' must lie between 0 and 2, as likelihood 'columns' has 3 classes: " +
      "current value is 3",
  );
  table.dispose();
});
