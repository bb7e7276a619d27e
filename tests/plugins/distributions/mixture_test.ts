import assert from "node:assert/strict";
import { normalLogpdf as logpdf } from "../../deps.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import {
  distributions,
  hasMean,
  hasVariance,
  isFactorized,
  type Tensor,
  useBackend,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { correlation, NORMAL_BOUND } from "../../helpers/statistics.ts";

const { mixture, normal, standardNormal } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 2e-6, relative: 2e-6 };

/** Two mixtures (B = 2) of three normals (C = 3) over two elements. */
const LOGITS = [[0, 1, -2], [0.5, 3, -4]];
const MEANS = [[[0, 1], [2, -1], [5, 5]], [[-3, 0], [1, 1], [0, 4]]];
const SCALES = [[[1, 2], [0.5, 1], [3, 0.1]], [[1, 1], [2, 0.3], [0.7, 1.5]]];

const all = (numbers: number[][][]): Tensor => tf.reshape(tf.tensor3d(numbers), [-1, 2]);
const components = (rows = 2) =>
  normal({ mean: all(MEANS.slice(0, rows)), scale: all(SCALES.slice(0, rows)) });

function softmax(logits: readonly number[]): number[] {
  const sum = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / sum);
}

/** log p(x) of one mixture, out of an independent density of normals. */
function expected(x: readonly number[], weights: number, components: number): number {
  return Math.log(
    softmax(LOGITS[weights]!).reduce((sum, weight, c) => {
      const mean = MEANS[components]![c]!, scale = SCALES[components]![c]!;
      const nats = x.map((value, i) => logpdf(value, mean[i]!, scale[i]!));
      return sum + weight * Math.exp(nats[0]! + nats[1]!);
    }, 0),
  );
}

Deno.test("mixture() says what it is, and is not factorized", () => {
  tf.tidy(() => {
    const q = mixture({ logits: tf.tensor2d(LOGITS), components: components() });
    assert.deepEqual([q.family, q.domain, q.reparameterized], ["mixture", "real", false]);
    assert.deepEqual([q.batch, q.event, isFactorized(q)], [2, [2], false]);
  });
});

Deno.test("mixture() has B·C components, C shared ones, or shared weights", async (t) => {
  const x = [[1, 0.5], [0, 2]];
  await onEachBackend(t, () => {
    const logits = tf.tensor2d(LOGITS), one = tf.tensor2d([LOGITS[0]!]);
    const cases = [
      [mixture({ logits, components: components() }), [0, 1], [0, 1]],
      [mixture({ logits, components: components(1) }), [0, 1], [0, 0]],
      [mixture({ logits: one, components: components() }), [0, 0], [0, 1]],
    ] as const;
    for (const [q, weights, components] of cases) {
      assert.equal(q.batch, 2);
      const logProb = q.logProb(tf.tensor3d([x, x]));
      assert.deepEqual(logProb.shape, [2, 2]);
      const nats = x.map((row, b) => expected(row, weights[b]!, components[b]!));
      assertClose(logProb, [...nats, ...nats], ROUNDING);
      const broadcast = x.map((_, b) => expected(x[0]!, weights[b]!, components[b]!));
      assertClose(q.logProb(tf.tensor3d([[x[0]!]])), broadcast, ROUNDING);
    }
  });
});

Deno.test("Mixture.mean and .variance are those of the mixture", async (t) => {
  const means = LOGITS.flatMap((logits, b) =>
    [0, 1].map((i) => softmax(logits).reduce((sum, w, c) => sum + w * MEANS[b]![c]![i]!, 0))
  );
  const variances = LOGITS.flatMap((logits, b) =>
    [0, 1].map((i) =>
      softmax(logits).reduce((sum, w, c) => {
        const square = SCALES[b]![c]![i]! ** 2 + MEANS[b]![c]![i]! ** 2;
        return sum + w * square;
      }, -(means[2 * b + i]! ** 2))
    )
  );
  await onEachBackend(t, () => {
    const q = mixture({ logits: tf.tensor2d(LOGITS), components: components() });
    assert(hasMean(q) && hasVariance(q));
    assert.deepEqual([q.mean.shape, q.variance.shape], [[2, 2], [2, 2]]);
    assertClose(q.mean, means, ROUNDING);
    assertClose(q.variance, variances, { relative: 1e-5 });
  });
});

Deno.test("Mixture.draw() draws from shared components anew for every row", async (t) => {
  await onEachBackend(t, () => {
    const logits = tf.zeros([2, 3]);
    const q = mixture({ logits, components: components(1) });
    const value = q.draw(seed(5), 2000).value;
    assert.deepEqual(value.shape, [2000, 2, 2]);
    const [a, b] = tf.unstack(tf.slice(value, [0, 0, 0], [-1, -1, 1]), 1);
    const statistic = correlation(a!.dataSync(), b!.dataSync());
    assert(Math.abs(statistic) < NORMAL_BOUND, `${statistic}`);
  });
});

Deno.test("Mixture.draw() keeps one whole event, never parts of two", () => {
  tf.tidy(() => {
    const mean = tf.tensor2d([[-50, -50], [50, 50]]);
    const narrow = normal({ mean, scale: tf.onesLike(mean) });
    const q = mixture({ logits: tf.tensor2d([[0, 1]]), components: narrow });
    const rows = q.draw(seed(1), 1000).value.reshape([-1, 2]).arraySync() as number[][];
    assert(rows.every(([x, y]) => Math.sign(x!) === Math.sign(y!)));
    const share = rows.filter(([x]) => x! > 0).length / 1000, p = softmax([0, 1])[1]!;
    assert(Math.abs(share - p) < NORMAL_BOUND * Math.sqrt(p * (1 - p) / 1000), `${share}`);
  });
});

Deno.test("mixture() stays finite where a component has no mass left, with its gradient", async (t) => {
  await onEachBackend(t, () => {
    const logits = tf.tensor2d([[-1e4, 1e4, 0]]);
    const nats = (logits: Tensor, mean: Tensor) =>
      mixture({ logits, components: normal({ mean, scale: tf.fill([3, 1], 1e-3) }) })
        .logProb(tf.tensor3d([[[-1e4]], [[0]], [[1e4]]]));
    const mean = tf.tensor2d([[-1e4], [0], [1e4]]), found = tf.grads(nats)([logits, mean]);
    for (const tensor of [nats(logits, mean), ...found]) {
      assert(tensor.dataSync().every(Number.isFinite), `${tensor}`);
    }
  });
});

Deno.test("mixture() may be mixed again, and knows no mean where its components know none", () => {
  tf.tidy(() => {
    const inner = mixture({ logits: tf.tensor2d(LOGITS), components: components() });
    const outer = mixture({ logits: tf.tensor2d([[0, 0]]), components: inner });
    const x = [0.3, -0.2];
    const nats = Math.log((Math.exp(expected(x, 0, 0)) + Math.exp(expected(x, 1, 1))) / 2);
    assertClose(outer.logProb(tf.tensor3d([[x]])), [nats], ROUNDING);
    const { mean: _, ...blind } = Object.getOwnPropertyDescriptors(standardNormal({ event: [2] }));
    const q = mixture({
      logits: tf.zeros([1, 1]),
      components: Object.defineProperties({}, blind) as typeof inner,
    });
    assert.deepEqual([hasMean(q), hasVariance(q)], [false, false]);
  });
});

Deno.test("mixture() refuses components and logits that do not belong together", () => {
  tf.tidy(() => {
    const refused = (logits: Tensor, message: string) =>
      assert.throws(() => mixture({ logits, components: components() }), {
        name: "TypeError",
        message,
      });
    refused(
      tf.zeros([3]),
      "Cannot make a mixture as 'logits' must have shape [B, C]: current value is [3]",
    );
    refused(
      tf.zeros([1, 4]),
      "Cannot make a mixture as 'components' must be a batch of 4 or 4 distributions: " +
        "current value is 6",
    );
    refused(
      tf.zeros([5, 3]),
      "Cannot make a mixture as 'components' must be a batch of 3 or 15 distributions: " +
        "current value is 6",
    );
  });
});
