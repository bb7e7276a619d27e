import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { assertWithin, NORMAL_BOUND } from "../../helpers/statistics.ts";

const { isRelaxedOneHotCategorical, normal, relaxedOneHotCategorical } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 5e-6, relative: 5e-6 };

/** Temperature, logits, a value and its log-density by torch.distributions in float64. */
const ORACLE = [
  [0.5, [0, 1, -2], [0.2, 0.7, 0.1], -0.6215622008959469],
  [2 / 3, [3, -1, 0.5], [0.9, 0.05, 0.05], 1.7594306824407981],
  [2, [0, 0, 0, 0], [0.1, 0.2, 0.3, 0.4], 2.1345931735906074],
  [0.1, [-1, 2], [1e-6, 1 - 1e-6], 9.532826762493215],
] as const;

Deno.test("relaxedOneHotCategorical() says what it is", () => {
  tf.tidy(() => {
    const q = relaxedOneHotCategorical({ logits: tf.zeros([2, 3, 4]), temperature: 0.5 });
    assert.deepEqual([q.family, q.domain], ["relaxedOneHotCategorical", "simplex"]);
    assert.deepEqual([q.reparameterized, q.batch, q.event], [true, 2, [3, 4]]);
    assert.deepEqual([q.temperature, q.probabilities.shape], [0.5, [2, 3, 4]]);
    assertClose(q.probabilities, Array(24).fill(0.25), ROUNDING);
    const other = normal({ mean: tf.zeros([1, 2]), scale: tf.ones([1, 2]) });
    assert.deepEqual([q, other].map(isRelaxedOneHotCategorical), [true, false]);
  });
});

Deno.test("RelaxedOneHotCategorical.logProb() is that of an independent implementation", async (t) => {
  await onEachBackend(t, () => {
    for (const [temperature, logits, value, nats] of ORACLE) {
      const q = relaxedOneHotCategorical({ logits: tf.tensor2d([[...logits]]), temperature });
      assertClose(q.logProb(tf.tensor3d([[[...value]]])), [nats], ROUNDING);
      const warm = tf.tensor2d([[temperature]]);
      const same = relaxedOneHotCategorical({ logits: tf.add(q.logits, 7), temperature: warm });
      assertClose(same.logProb(tf.tensor3d([[[...value]]])), [nats], ROUNDING);
    }
  });
});

Deno.test("RelaxedOneHotCategorical.logProb() sums over the axes before the classes", async (t) => {
  const [[temperature, logits, value, nats]] = ORACLE;
  await onEachBackend(t, () => {
    const q = relaxedOneHotCategorical({
      logits: tf.tensor3d([[[...logits], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]]),
      temperature,
    });
    const x = tf.tensor4d([[[[...value], [...value]], [[...value], [...value]]]]);
    const even = relaxedOneHotCategorical({ logits: tf.zeros([1, 3]), temperature });
    const [other] = even.logProb(tf.tensor3d([[[...value]]])).dataSync();
    assert.deepEqual(q.logProb(x).shape, [1, 2]);
    assertClose(q.logProb(x), [nats + other!, 2 * other!], ROUNDING);
  });
});

Deno.test("RelaxedOneHotCategorical.draw() has class c as its largest part as often as it is probable", async (t) => {
  const samples = 20_000, logits = [0, 1, -1];
  const sum = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  await onEachBackend(t, () => {
    for (const temperature of [0.2, 3]) {
      const q = relaxedOneHotCategorical({ logits: tf.tensor2d([logits]), temperature });
      const { value } = q.draw(seed(3), samples), largest = tf.argMax(value, -1).dataSync();
      logits.forEach((logit, code) => {
        const p = Math.exp(logit) / sum, count = largest.filter((other) => other === code).length;
        const score = (count - samples * p) / Math.sqrt(samples * p * (1 - p));
        assertWithin(NORMAL_BOUND, score, `class ${code} at temperature ${temperature}`);
      });
    }
  });
});

Deno.test("relaxedOneHotCategorical() stays finite where float32 sees a one-hot vector", async (t) => {
  await onEachBackend(t, () => {
    const logits = tf.tensor2d([[30, 0, -30]]), corner = tf.tensor3d([[[1, 0, 0]]]);
    for (const temperature of [1e-3, 0.05, 1, 100]) {
      const ask = (x: tf.Tensor) => {
        const q = relaxedOneHotCategorical({ logits: x, temperature });
        const p = relaxedOneHotCategorical({ logits: tf.zeros([1, 3]), temperature: 0.5 });
        const { value, logProb } = q.draw(seed(1), 50);
        assertClose(tf.sum(value, -1), Array(50).fill(1), { absolute: 1e-5 });
        const densities = [logProb(), q.logProb(value), p.logProb(value), q.logProb(corner)];
        assertClose(densities[0]!, densities[1]!, { absolute: 1e-2, relative: 1e-3 });
        return tf.addN(densities.map((nats) => tf.mean(nats)));
      };
      const { value, grad } = tf.valueAndGrad(ask)(logits);
      assert(Number.isFinite(value.dataSync()[0]), `nats at ${temperature}`);
      assert(grad.dataSync().every(Number.isFinite), `gradient at ${temperature}: ${grad}`);
    }
  });
});
