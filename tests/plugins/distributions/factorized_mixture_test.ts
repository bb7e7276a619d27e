import assert from "node:assert/strict";
import { normalLogpdf as logpdf } from "../../deps.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, hasMean, isFactorized, type Tensor, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { factorizedMixture, normal } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 2e-6, relative: 2e-6 };

/** One event of two elements, each a mixture of three normals. */
const LOGITS = [[0, 1, -2], [0.5, 3, -4]];
const MEANS = [[0, 2, 5], [1, -1, 4]];
const SCALES = [[1, 0.5, 3], [2, 1, 0.1]];

const one = () =>
  factorizedMixture({
    logits: tf.tensor3d([LOGITS]),
    components: normal({ mean: tf.tensor3d([MEANS]), scale: tf.tensor3d([SCALES]) }),
  });

function weights(logits: readonly number[]): number[] {
  const sum = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / sum);
}

/** log p(x) of one element. */
const expected = (x: number, i: number): number =>
  Math.log(
    weights(LOGITS[i]!).reduce(
      (sum, w, c) => sum + w * Math.exp(logpdf(x, MEANS[i]![c]!, SCALES[i]![c]!)),
      0,
    ),
  );

Deno.test("factorizedMixture() mixes every element on its own", async (t) => {
  await onEachBackend(t, () => {
    const q = one(), value = tf.tensor3d([[[0, 0]], [[1, -2]], [[6, 4]]]);
    assert.deepEqual([q.family, q.domain, q.reparameterized], ["factorizedMixture", "real", false]);
    assert.deepEqual([q.batch, q.event, isFactorized(q)], [1, [2], true]);
    const nats = [[0, 0], [1, -2], [6, 4]].map((row) => row.map(expected));
    assertClose(q.logDensities(value), nats.flat(), ROUNDING);
    assertClose(q.logProb(value), nats.map(([a, b]) => a! + b!), ROUNDING);
    assert(hasMean(q));
    const means = LOGITS.map((logits, i) =>
      weights(logits).reduce((sum, w, c) => sum + w * MEANS[i]![c]!, 0)
    );
    assertClose(q.mean, means, ROUNDING);
  });
});

Deno.test("factorizedMixture() chooses a component for every element", () => {
  tf.tidy(() => {
    const mean = tf.tensor3d([[[-50, 50], [-50, 50]]]);
    const components = normal({ mean, scale: tf.onesLike(mean) });
    const q = factorizedMixture({ logits: tf.zeros([1, 2, 2]), components });
    const rows = q.draw(seed(1), 1000).value.reshape([-1, 2]).arraySync() as number[][];
    const mixed = rows.filter(([x, y]) => x! * y! < 0).length;
    assert(mixed > 400 && mixed < 600, `${mixed}`);
  });
});

Deno.test("factorizedMixture() shares components among the rows of a batch, not their draws", () => {
  tf.tidy(() => {
    const mean = tf.zeros([1, 2, 3]);
    const components = normal({ mean, scale: tf.onesLike(mean) });
    const q = factorizedMixture({ logits: tf.zeros([4, 2, 3]), components });
    const { value, logProb } = q.draw(seed(1), 5);
    assert.deepEqual([value.shape, logProb().shape], [[5, 4, 2], [5, 4]]);
    assert.equal(new Set(value.dataSync()).size, 40);
  });
});

Deno.test("factorizedMixture() refuses components of another shape", () => {
  tf.tidy(() => {
    const mean = tf.zeros([1, 2, 3]);
    const components = normal({ mean, scale: tf.onesLike(mean) });
    const refuse = (logits: Tensor) => () => factorizedMixture({ logits, components });
    assert.throws(refuse(tf.zeros([1, 2, 4])), {
      name: "TypeError",
      message: "Cannot make a mixture as 'components' must have the shape of the logits, " +
        "[1, 2, 4]: current value is [1, 2, 3]",
    });
    assert.throws(refuse(tf.zeros([3])), /must have the shape of the logits, \[3\]/);
  });
});
