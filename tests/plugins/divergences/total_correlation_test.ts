import assert from "node:assert/strict";
import { AT_REST, type Progress } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import {
  distributions,
  divergences,
  type Estimate,
  schedules,
  type Term,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { mean } from "../../helpers/statistics.ts";
import { tinyData, tinyParts } from "../../helpers/tiny.ts";

const { normal, standardNormal } = distributions;
const { kl, totalCorrelation } = divergences;

await useBackend({ backend: "wasm" });

const MEANS = [[1, -1], [2, 0], [0, 0.5]], SCALES = [[0.5, 1], [1, 0.25], [2, 1]];

function given(
  { means = MEANS, scales = SCALES, samples = 2, progress = {} as Partial<Progress> } = {},
): Estimate<distributions.Normal, distributions.Normal> {
  const posterior = normal({ mean: tf.tensor2d(means), scale: tf.tensor2d(scales) });
  return {
    posterior,
    prior: standardNormal({ event: [means[0]!.length] }),
    draw: posterior.draw(seed(1), samples),
    seed: seed(2),
    context: { ...AT_REST, progress: { step: 0, epoch: 0, ...progress } },
  };
}

const density = (z: number, mean: number, scale: number): number =>
  Math.exp(-0.5 * ((z - mean) / scale) ** 2) / (scale * Math.sqrt(2 * Math.PI));

/** The three parts of every datum, straight from their definitions. */
function parts(
  draws: readonly (readonly (readonly number[])[])[],
  weightOf: (i: number, j: number) => number,
): number[][] {
  const latents = [0, 1], data = [0, 1, 2];
  const each = draws.map((sample) =>
    sample.map((z, i) => {
      const q = data.map((j) => latents.map((k) => density(z[k]!, MEANS[j]![k]!, SCALES[j]![k]!)));
      const own = Math.log(q[i]![0]! * q[i]![1]!);
      const joint = Math.log(
        data.reduce((sum, j) => sum + weightOf(i, j) * q[j]![0]! * q[j]![1]!, 0),
      );
      const product = latents.reduce(
        (total, k) =>
          total + Math.log(data.reduce((sum, j) => sum + weightOf(i, j) * q[j]![k]!, 0)),
        0,
      );
      const prior = Math.log(density(z[0]!, 0, 1) * density(z[1]!, 0, 1));
      return [own - joint, joint - product, product - prior];
    })
  );
  return latents.concat(2).map((part) =>
    data.map((i) => mean(each.map((sample) => sample[i]![part]!)))
  );
}

Deno.test("totalCorrelation() has the three parts of the KL, however q(z) is sampled", async (t) => {
  const N = 50, B = 3;
  const weights = {
    weighted: () => 1 / (N * B),
    stratified: (i: number, j: number) => i === j ? 1 / N : (N - 1) / (N * (B - 1)),
  };
  await onEachBackend(t, () => {
    for (const sampling of ["weighted", "stratified"] as const) {
      const known = given({ progress: { datasetSize: N } });
      const terms = totalCorrelation({ beta: 1, sampling }).estimate(known);
      const expected = parts(known.draw.value.arraySync() as number[][][], weights[sampling]);
      assert.deepEqual(terms.map(({ name }) => name), [
        "index-code mutual information",
        "total correlation",
        "dimension-wise KL",
      ]);
      terms.forEach(({ nats, estimator, samples }, i) => {
        assertClose(nats, expected[i]!, { absolute: 1e-5 });
        assert.deepEqual([estimator, samples], ["biased", 2]);
      });
    }
  });
});

Deno.test("totalCorrelation() adds up to the KL of the draws", () => {
  tf.tidy(() => {
    for (const sampling of ["weighted", "stratified"] as const) {
      const known = given({ samples: 4, progress: { datasetSize: 7 } });
      const rows = totalCorrelation({ beta: 1, sampling }).estimate(known);
      const [whole] = kl({ closedForms: [] }).estimate(known);
      assertClose(tf.addN(rows.map(({ nats }) => nats)), whole.nats, { absolute: 1e-5 });
    }
  });
});

const nats = (terms: readonly Term[]): number[] => terms.map((term) => term.nats.dataSync()[0]!);

Deno.test("totalCorrelation() stratified knows data apart: log N nats of mutual information", () => {
  tf.tidy(() => {
    const far = given({ means: [[-9], [0], [9]], scales: [[0.1], [0.1], [0.1]] });
    const [stratified] = nats(totalCorrelation({ beta: 1, sampling: "stratified" }).estimate(far));
    assertClose(stratified!, Math.log(3), { absolute: 1e-5 });
    // Weighted sampling is biased by log B there.
    const [weighted] = nats(totalCorrelation({ beta: 1 }).estimate(far));
    assertClose(weighted!, 2 * Math.log(3), { absolute: 1e-5 });
  });
});

Deno.test("totalCorrelation() stratified sees no information where every datum has the same q", () => {
  tf.tidy(() => {
    const means = [[1, 2], [1, 2], [1, 2]], scales = [[1, 0.5], [1, 0.5], [1, 0.5]];
    const same = given({ means, scales, progress: { datasetSize: 40 } });
    const terms = totalCorrelation({ beta: 1, sampling: "stratified" }).estimate(same);
    const [whole] = kl({ closedForms: [] }).estimate(same);
    assertClose(terms[0].nats, [0, 0, 0], { absolute: 1e-5 });
    assertClose(terms[1]!.nats, [0, 0, 0], { absolute: 1e-5 });
    assertClose(terms[2]!.nats, whole.nats, { absolute: 1e-5 });
  });
});

Deno.test("totalCorrelation() stratified has q(z) right on average over batches", () => {
  tf.tidy(() => {
    // A draw from datum 0 of three, in a batch with datum 1 or 2.
    const [mu, sigma] = [[0, 1, 3], [1, 0.5, 2]], z = 0.7;
    const estimates = [1, 2].map((other) => {
      const known = given({
        means: [[mu![0]!], [mu![other]!]],
        scales: [[sigma![0]!], [sigma![other]!]],
      });
      const draw = { value: tf.tensor3d([[[z], [0]]]), logProb: () => tf.zeros([1, 2]) };
      const divergence = totalCorrelation({ beta: 1, sampling: "stratified", datasetSize: 3 });
      return Math.exp(-nats(divergence.estimate({ ...known, draw }))[0]!);
    });
    const exact = mean([0, 1, 2].map((j) => density(z, mu![j]!, sigma![j]!)));
    assertClose(mean(estimates), exact, { relative: 1e-5 });
  });
});

Deno.test("totalCorrelation() takes N from its options, then from the run, then from the batch", () => {
  tf.tidy(() => {
    const information = (datasetSize?: number, said?: number): number => {
      const progress = said === undefined ? {} : { datasetSize: said };
      return nats(totalCorrelation({ beta: 1, datasetSize }).estimate(given({ progress })))[0]!;
    };
    const atOne = information(3) - Math.log(3);
    assertClose(information(), atOne + Math.log(3), { absolute: 1e-5 });
    assertClose(information(undefined, 20), atOne + Math.log(20), { absolute: 1e-5 });
    assertClose(information(50, 20), atOne + Math.log(50), { absolute: 1e-5 });
    // There cannot be fewer data than in the batch.
    assertClose(information(2), information(3), { absolute: 1e-5 });
  });
});

Deno.test("totalCorrelation() weighs its rows, also by schedules", () => {
  tf.tidy(() => {
    const gamma = schedules.linear({ from: 0, to: 1, steps: 10 });
    const terms = totalCorrelation({ alpha: 0, beta: 6, gamma })
      .estimate(given({ progress: { step: 5 } }));
    assert.deepEqual(terms.map(({ weight }) => weight), [0, 6, 0.5]);
    for (const { nats, weight, contribution } of terms) {
      assertClose(contribution, nats.mul(-weight!), { absolute: 1e-5 });
    }
  });
});

Deno.test("totalCorrelation() serves a model, whose bound is the ELBO", () => {
  const divergence = totalCorrelation({ beta: 6 });
  const model = vae({ ...tinyParts, divergence }), batch = tinyData().rows([0, 1, 2]);
  tf.tidy(() => {
    const { terms, bound } = model.ledger(batch, { seed: 1 });
    assert.deepEqual([terms.length, bound!.name], [4, "ELBO"]);
    const plain = terms.slice(1).reduce((sum, { nats }) => sum.sub(nats), terms[0]!.nats);
    assertClose(bound!.nats, plain, { absolute: 1e-4 });
    assert.equal(model.elbo(batch, { seed: 1 }).terms.length, 4);
  });
  // A single datum has nobody to be mixed with.
  const alone = tinyData().rows([0]);
  tf.tidy(() => assert(Number.isFinite(model.ledger(alone, { seed: 1 }).objective.dataSync()[0])));
  tf.dispose([...Object.values(batch), ...Object.values(alone)]);
  model.dispose();
});

Deno.test("totalCorrelation() can be made again from its options", () => {
  const { kind, name, isKl, options } = totalCorrelation({ beta: 6 });
  assert.deepEqual([kind, name, isKl], ["divergence", "totalCorrelation", true]);
  assert.deepEqual(options, {
    beta: 6,
    alpha: 1,
    gamma: 1,
    sampling: "weighted",
    datasetSize: undefined,
  });
  const again = totalCorrelation(options as unknown as Parameters<typeof totalCorrelation>[0]);
  assert.deepEqual(again.options, options);
});

Deno.test("totalCorrelation() refuses options out of range, and a posterior that is one piece", () => {
  const refuses = (options: object, message: string): void =>
    assert.throws(() => totalCorrelation({ beta: 1, ...options }), {
      name: "RangeError",
      message: `Cannot build divergence as ${message}`,
    });
  for (const name of ["alpha", "beta", "gamma"]) {
    for (const value of [-1, NaN]) {
      refuses(
        { [name]: value },
        `'${name}' must be a non-negative number: current value is ${value}`,
      );
    }
  }
  refuses({ datasetSize: 0 }, "'datasetSize' must be a positive integer: current value is 0");
  refuses(
    { sampling: "none" },
    "'sampling' must be 'weighted' or 'stratified': current value is 'none'",
  );
  tf.tidy(() => {
    const known = given(), { logDensities: _, ...whole } = known.posterior;
    const posterior = whole as distributions.Normal;
    assert.throws(() => totalCorrelation({ beta: 1 }).estimate({ ...known, posterior }), {
      name: "TypeError",
      message: "Cannot estimate the total correlation as the posterior must be factorized " +
        "(have 'logDensities'): current value is 'normal'",
    });
  });
});
