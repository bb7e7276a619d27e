import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { categorical, isOneHotCategorical, oneHotCategorical, relaxedOneHotCategorical } =
  distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 2e-6, relative: 2e-6 };

/** B = 2, K = 2, C = 3. */
const LOGITS = [[[0, 1, -2], [3, 3, 0]], [[0.5, -1, -4], [0, 0, 10]]];

Deno.test("oneHotCategorical() says what it is, with a temperature and without", () => {
  tf.tidy(() => {
    const logits = tf.tensor3d(LOGITS), temperature = 0.5;
    const plain = oneHotCategorical({ logits });
    const through = oneHotCategorical({ logits, temperature });
    for (const q of [plain, through]) {
      assert.deepEqual([q.family, q.domain], ["oneHotCategorical", "discrete"]);
      assert.deepEqual([q.batch, q.event, isOneHotCategorical(q)], [2, [2, 3], true]);
      assertClose(q.mean, tf.softmax(logits), ROUNDING);
    }
    assert.deepEqual([plain.reparameterized, "temperature" in plain], [false, false]);
    assert.deepEqual([through.reparameterized, through.temperature], [true, 0.5]);
    assert(!isOneHotCategorical(categorical({ logits })));
  });
});

Deno.test("OneHotCategorical.logProb() is that of the codes", async (t) => {
  await onEachBackend(t, () => {
    const logits = tf.tensor3d(LOGITS), codes = tf.tensor3d([[[0, 1], [2, 2]], [[2, 0], [1, 0]]]);
    const value = tf.cast(tf.oneHot(tf.cast(codes, "int32"), 3), "float32");
    const logProb = oneHotCategorical({ logits }).logProb(value);
    assert.deepEqual(logProb.shape, [2, 2]);
    assertClose(logProb, categorical({ logits }).logProb(codes), ROUNDING);
  });
});

Deno.test("OneHotCategorical.draw() is exactly one-hot, the largest part of a relaxed draw", async (t) => {
  await onEachBackend(t, () => {
    const logits = tf.tensor3d(LOGITS), temperature = 0.5;
    const soft = relaxedOneHotCategorical({ logits, temperature }).draw(seed(2), 100).value;
    const expected = tf.argMax(soft, -1).dataSync();
    for (const q of [oneHotCategorical({ logits }), oneHotCategorical({ logits, temperature })]) {
      const { value, logProb } = q.draw(seed(2), 100);
      assert.deepEqual([value.shape, logProb().shape], [[100, 2, 2, 3], [100, 2]]);
      assert(value.dataSync().every((part) => part === 0 || part === 1));
      assert(tf.sum(value, -1).dataSync().every((sum) => sum === 1));
      assert.deepEqual(tf.argMax(value, -1).dataSync(), expected);
      assertClose(logProb(), q.logProb(value), ROUNDING);
    }
  });
});

Deno.test("OneHotCategorical.draw() passes on the gradient of relaxed draws, or none", async (t) => {
  await onEachBackend(t, () => {
    const logits = tf.tensor3d(LOGITS), temperature = 0.5;
    const upstream = tf.reshape(tf.linspace(-1, 1, 5 * 12), [5, 2, 2, 3]);
    const gradientOf = (make: (logits: tf.Tensor) => distributions.OneHotCategorical) =>
      tf.grad((x) => tf.sum(tf.mul(make(x).draw(seed(2), 5).value, upstream)))(logits);
    const relaxed = tf.grad((x) => {
      const { value } = relaxedOneHotCategorical({ logits: x, temperature }).draw(seed(2), 5);
      return tf.sum(tf.mul(value, upstream));
    })(logits);
    const through = gradientOf((logits) => oneHotCategorical({ logits, temperature }));
    assertClose(through, relaxed, ROUNDING);
    assert(through.dataSync().some((slope) => Math.abs(slope) > 1e-3));
    assertClose(gradientOf((logits) => oneHotCategorical({ logits })), Array(12).fill(0), {});
  });
});

Deno.test("oneHotCategorical() stays finite with extreme logits and temperatures", async (t) => {
  await onEachBackend(t, () => {
    for (const temperature of [1e-3, 1e3]) {
      const { value, grad } = tf.valueAndGrad((logits) => {
        const { value, logProb } = oneHotCategorical({ logits, temperature }).draw(seed(1), 9);
        return tf.add(tf.sum(logProb()), tf.sum(tf.square(value)));
      })(tf.tensor2d([[1e4, 0, -1e4], [0, 0, 0]]));
      assert(Number.isFinite(value.dataSync()[0]));
      assert(grad.dataSync().every(Number.isFinite));
    }
  });
});
