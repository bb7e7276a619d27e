import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { logistic } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-6, relative: 1e-5 };

/** Values with their parameters, and the log-densities that PyTorch gives them in float64. */
const LOCATION = [0, -1, 3, -7.5, 0.25], SCALE = [1, 0.5, 2, 10, 0.0625];
const X = [0, 1, -2.5, 40, 0.125];
const LOG_DENSITIES = [
  -1.3862943611198906,
  -3.3431526752756735,
  -3.567082358566343,
  -7.0698140605183974,
  0.5187327001538358,
];
const five = () => logistic({ location: tf.tensor2d([LOCATION]), scale: tf.tensor2d([SCALE]) });

Deno.test("logistic() says what it is, and knows its moments", () => {
  tf.tidy(() => {
    const { family, domain, reparameterized, batch, event, mean, variance } = five();
    assert.deepEqual([family, domain, reparameterized], ["logistic", "real", true]);
    assert.deepEqual([batch, event], [1, [5]]);
    assertClose(mean, LOCATION, {});
    assertClose(variance, SCALE.map((scale) => (scale * Math.PI) ** 2 / 3), ROUNDING);
  });
});

Deno.test("logistic() has the log-densities of an independent implementation", async (t) => {
  await onEachBackend(t, () => {
    const x = tf.tensor3d([[X]]);
    assertClose(five().logDensities(x), LOG_DENSITIES, ROUNDING);
    assertClose(five().logProb(x), LOG_DENSITIES.reduce((a, b) => a + b), ROUNDING);
  });
});

Deno.test("logistic() broadcasts a scale to the shape of the location", () => {
  tf.tidy(() => {
    const q = logistic({ location: tf.zeros([2, 3]), scale: tf.scalar(2) });
    const { value, logProb } = q.draw(seed(1), 4);
    assert.deepEqual([value.shape, logProb().shape], [[4, 2, 3], [4, 2]]);
    assert.deepEqual([q.variance.shape, q.logDensities(value).shape], [[2, 3], [4, 2, 3]]);
  });
});

Deno.test("draws of logistic() are as often left as right of its location, at every distance", async (t) => {
  await onEachBackend(t, () => {
    const q = logistic({ location: tf.zeros([1]), scale: tf.ones([1]) });
    const draws = [...q.draw(seed(3), 20_000).value.dataSync()];
    for (const beyond of [0, 1, 3]) {
      const right = draws.filter((x) => x > beyond).length;
      const left = draws.filter((x) => x < -beyond).length;
      assert(Math.abs(right - left) < 4 * Math.sqrt(right + left), `${left} and ${right}`);
      assertClose((left + right) / 20_000, 2 / (1 + Math.exp(beyond)), { absolute: 0.012 });
    }
  });
});
