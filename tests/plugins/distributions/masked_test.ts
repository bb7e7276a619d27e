import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { bernoulli, masked, normal } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 2e-6, relative: 2e-6 };

const two = () => normal({ mean: tf.tensor2d([[0, 1, 2], [3, 4, 5]]), scale: tf.fill([2, 3], 2) });

Deno.test("masked() is the distribution that it is given, but for its density", () => {
  tf.tidy(() => {
    const distribution = two(), mask = tf.tensor2d([[1, 0, 1], [0, 0, 0]]);
    const p = masked({ distribution, mask });
    assert.deepEqual([p.family, p.domain, p.reparameterized], ["masked", "real", true]);
    assert.deepEqual([p.batch, p.event], [2, [3]]);
    assert.equal(p.distribution, distribution);
    assert.equal(p.mask, mask);
    assertClose(p.draw(seed(1), 4).value, distribution.draw(seed(1), 4).value, ROUNDING);
  });
});

Deno.test("Masked.logProb() counts what was observed, and a row of which nothing was is 0", async (t) => {
  await onEachBackend(t, () => {
    const mask = tf.tensor2d([[1, 0, 1], [0, 0, 0]]), value = tf.tensor3d([[[1, 9, 1], [1, 1, 1]]]);
    const p = masked({ distribution: two(), mask });
    const [a, , b] = two().logDensities(value).dataSync();
    assertClose(p.logDensities(value), [a!, 0, b!, 0, 0, 0], ROUNDING);
    assert.deepEqual(p.logProb(value).shape, [1, 2]);
    assertClose(p.logProb(value), [a! + b!, 0], ROUNDING);
    const { value: drawn, logProb } = p.draw(seed(1), 3);
    assertClose(logProb(), p.logProb(drawn), ROUNDING);
  });
});

Deno.test("Masked.logProb() passes no gradient on for what is missing", async (t) => {
  await onEachBackend(t, () => {
    const gradient = tf.grad((logits) => {
      const mask = tf.tensor2d([[0, 1]]);
      return tf.sum(
        masked({ distribution: bernoulli({ logits }), mask }).logProb(tf.ones([1, 1, 2])),
      );
    });
    assertClose(gradient(tf.zeros([1, 2])), [0, 0.5], ROUNDING);
  });
});

Deno.test("masked() takes one mask for all rows, and one distribution for all masks", async (t) => {
  await onEachBackend(t, () => {
    const mask = tf.tensor2d([[1, 0, 0]]), value = tf.zeros([1, 1, 3]);
    const one = masked({ distribution: two(), mask });
    assert.deepEqual([one.batch, one.logProb(value).shape], [2, [1, 2]]);
    const coins = bernoulli({ logits: tf.zeros([1, 2]) });
    const many = masked({ distribution: coins, mask: tf.tensor2d([[1, 1], [1, 0], [0, 0]]) });
    const draw = many.draw(seed(1), 5);
    assert.deepEqual([many.batch, draw.value.shape], [3, [5, 3, 2]]);
    const row = [-2 * Math.LN2, -Math.LN2, 0];
    assertClose(draw.logProb(), Array(5).fill(row).flat(), ROUNDING);
  });
});

Deno.test("masked() refuses a mask of another shape", () => {
  tf.tidy(() => {
    for (const shape of [[3], [2, 2], [3, 3], [1, 2, 3]]) {
      assert.throws(() => masked({ distribution: two(), mask: tf.ones(shape) }), {
        name: "TypeError",
        message: `Cannot mask a distribution as 'mask' must have shape [2, 3]: current value is [${
          shape.join(", ")
        }]`,
      });
    }
  });
});
