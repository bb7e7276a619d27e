import assert from "node:assert/strict";
import { normalLogpdf as logpdf } from "../../deps.ts";
import { AT_REST, type Context } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { openParameters } from "../../../core/scope.ts";
import { dataset, divergences, evaluate, fit, likelihoods, networks } from "../../../mod.ts";
import { load, posteriors, priors, save, type Tensor, useBackend, vae } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { normal } = likelihoods;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };
const TRAINING: Context = { ...AT_REST, training: true };
const MEAN = [[0, 1, -1], [2, -3, 0.5]], X = [[0, 1, 2], [1, -1, 0.5]];
const SQUARES = MEAN.map((row, b) => row.map((mean, i) => (X[b]![i]! - mean) ** 2));
const MEAN_SQUARE = SQUARES.flat().reduce((a, b) => a + b) / 6;

/** log p(x) of every row under one σ. */
const densities = (scale: number): number[] =>
  MEAN.map((row, b) => row.reduce((sum, mean, i) => sum + logpdf(X[b]![i]!, mean, scale), 0));

function built() {
  const likelihood = normal({ scale: "optimal" });
  const { scope, variables } = openParameters(
    { data: [3], latent: [1], support: "real" },
    seed(0),
  );
  const build = likelihood.build(scope), variance = variables.get("variance")!;
  const at = (context: Context, mean: Tensor = tf.tensor2d(MEAN)) => build({ mean }, context);
  return { likelihood, at, variance, variables };
}

/** Four points near a line in two dimensions, with an error of about 0.3. */
const LINE = dataset(
  Array.from({ length: 64 }, (_, i) => [i / 16 + 0.3 * Math.sin(12.9 * i), i / 16]),
  { support: "real" },
);

function lineModel(scale: "optimal" | number) {
  return vae({
    data: [2],
    latent: 1,
    encoder: networks.mlp({ hidden: [8] }),
    decoder: networks.mlp({ hidden: [8] }),
    posterior: posteriors.diagonalNormal(),
    prior: priors.standardNormal(),
    likelihood: normal({ scale }),
    divergence: divergences.kl(),
  });
}

Deno.test("normal() with the optimal scale says so, and has nothing for an optimizer to learn", () => {
  const { likelihood, variables, variance } = built();
  assert.deepEqual(likelihood.options, { scale: "optimal" });
  assert.deepEqual(likelihood.heads([3]), { mean: [3] });
  assert.deepEqual([...variables.keys()], ["variance"]);
  assert.deepEqual([variance.trainable, variance.arraySync()], [false, 0.25]);
  variance.dispose();
});

Deno.test("at rest its density has the kept scale, and is not moved", async (t) => {
  await onEachBackend(t, () => {
    const { at, variance } = built();
    variance.assign(tf.scalar(9));
    assertClose(at(AT_REST).logProb(tf.tensor3d([X])), densities(3), ROUNDING);
    assertClose(at(AT_REST).scale, 3, ROUNDING);
    assert.equal(variance.arraySync(), 9);
    variance.dispose();
  });
});

Deno.test("in training its scale is the root of the mean square, and no other is better", async (t) => {
  await onEachBackend(t, () => {
    const { at, variance } = built(), best = Math.sqrt(MEAN_SQUARE), x = tf.tensor3d([X]);
    const found = at(TRAINING).logProb(x);
    assertClose(found, densities(best), ROUNDING);
    assertClose(at(TRAINING).logDensities(x).sum(2), densities(best), ROUNDING);
    const total = (scale: number) => densities(scale).reduce((a, b) => a + b);
    for (const other of [0.9, 0.99, 1.01, 1.1]) assert(total(best * other) < total(best));
    variance.dispose();
  });
});

Deno.test("every training step moves the kept variance a tenth of the way", async (t) => {
  await onEachBackend(t, () => {
    const { at, variance } = built();
    at(TRAINING).logProb(tf.tensor3d([X]));
    assertClose(variance, 0.25 + 0.1 * (MEAN_SQUARE - 0.25), ROUNDING);
    for (let step = 0; step < 200; step++) at(TRAINING).logProb(tf.tensor3d([X]));
    assertClose(variance, MEAN_SQUARE, ROUNDING);
    variance.dispose();
  });
});

Deno.test("entries that are missing do not count", async (t) => {
  const mask = [[1, 0, 1], [0, 1, 0]];
  const expected = (SQUARES[0]![0]! + SQUARES[0]![2]! + SQUARES[1]![1]!) / 3;
  await onEachBackend(t, () => {
    const { at, variance } = built();
    const p = at({ ...TRAINING, mask: tf.tensor2d(mask) });
    const found = p.logDensities(tf.tensor3d([X])), scale = Math.sqrt(expected);
    const wanted = X.flatMap((row, b) => row.map((x, i) => logpdf(x, MEAN[b]![i]!, scale)));
    assertClose(found, wanted, ROUNDING);
    assertClose(variance, 0.25 + 0.1 * (expected - 0.25), ROUNDING);

    const before = variance.arraySync();
    const nothing = at({ ...TRAINING, mask: tf.zeros([2, 3]) }).logDensities(tf.tensor3d([X]));
    assert(nothing.dataSync().every(Number.isFinite));
    assert.equal(variance.arraySync(), before);
    variance.dispose();
  });
});

Deno.test("a perfect reconstruction has a finite density, with a finite gradient", async (t) => {
  await onEachBackend(t, () => {
    const { at, variance } = built(), x = tf.tensor3d([X]);
    const gradient = tf.grad((mean) => at(TRAINING, mean).logProb(x).sum())(tf.tensor2d(X));
    assertClose(at(TRAINING, tf.tensor2d(X)).logProb(x), [38.69, 38.69], { absolute: 0.1 });
    assertClose(gradient, Array(6).fill(0), {});
    variance.dispose();
  });
});

Deno.test("its gradient is that of −D/2 log of the mean square", async (t) => {
  const wanted = MEAN.flatMap((row, b) => row.map((mean, i) => (X[b]![i]! - mean) / MEAN_SQUARE));
  await onEachBackend(t, () => {
    const { at, variance } = built();
    const found = tf.grad((mean) => at(TRAINING, mean).logProb(tf.tensor3d([X])).sum())(
      tf.tensor2d(MEAN),
    );
    assertClose(found, wanted, ROUNDING);
    variance.dispose();
  });
});

Deno.test("training keeps a variance that evaluation goes by, and that is saved", async () => {
  const model = lineModel("optimal"), folder = await Deno.makeTempDir();
  try {
    const { history } = await fit(model, LINE, { epochs: 100, batchSize: 64, learningRate: 0.01 });
    const kept = model.parameters.get("likelihood/variance")!.arraySync() as number;
    assert(kept > 1e-4 && kept < 0.2, `${kept}`);
    const before = await evaluate(model, LINE, { seed: 1, samples: 20 });
    const trained = history.at(-1)!.training.bound!.nats;
    assertClose(before.bound!.nats, trained, { absolute: 0.5 });
    assert.equal(model.parameters.get("likelihood/variance")!.arraySync(), kept);

    // The same numbers with that scale as a fixed one.
    const fixed = lineModel(Math.sqrt(kept));
    for (const [path, variable] of fixed.parameters) variable.assign(model.parameters.get(path)!);
    const other = await evaluate(fixed, LINE, { seed: 1, samples: 20 });
    assertClose(other.bound!.nats, before.bound!.nats, { relative: 1e-5 });
    fixed.dispose();

    await save(model, folder);
    const loaded = await load(folder);
    assert.equal(loaded.parameters.get("likelihood/variance")!.arraySync(), kept);
    loaded.dispose();
  } finally {
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  }
});
