import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { logNormal, normal } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-6, relative: 1e-5 };

/** Values with their parameters, and what PyTorch says of them in float64. */
const LOCATION = [0, -1, 3, 0.25], SCALE = [1, 0.5, 2, 0.0625], X = [1, 0.5, 2.5, 1.125];
const LOG_DENSITIES = [
  -0.9189385332046727,
  0.27903852231859627,
  -3.071106984897966,
  -0.5017425311321447,
];
const four = () => logNormal({ location: tf.tensor2d([LOCATION]), scale: tf.tensor2d([SCALE]) });

Deno.test("logNormal() says what it is, and knows the moments of what it draws", () => {
  tf.tidy(() => {
    const { family, domain, reparameterized, batch, event } = four();
    assert.deepEqual([family, domain, reparameterized], ["logNormal", "positive", true]);
    assert.deepEqual([batch, event], [1, [4]]);
    const location = tf.tensor2d([[0, -1, 3, 0.25]]), scale = tf.tensor2d([[1, 0.5, 0.25, 0.0625]]);
    const { mean, variance } = logNormal({ location, scale });
    const means = [1.6487212707001282, 0.4168620196785084, 20.723120306578686, 1.2865357295090674];
    const variances = [
      4.670774270471604,
      0.049356216697984685,
      27.696998027975056,
      0.006478168589139261,
    ];
    assertClose(mean, means, ROUNDING);
    assertClose(variance, variances, { relative: 1e-4 });
  });
});

Deno.test("logNormal() has the log-densities of an independent implementation", async (t) => {
  await onEachBackend(t, () => {
    const x = tf.tensor3d([[X]]);
    assertClose(four().logDensities(x), LOG_DENSITIES, ROUNDING);
    assertClose(four().logProb(x), LOG_DENSITIES.reduce((a, b) => a + b), ROUNDING);
  });
});

Deno.test("draws of logNormal() are exponentials of those of normal()", async (t) => {
  await onEachBackend(t, () => {
    const { value, logProb } = four().draw(seed(1), 6);
    const logarithm = normal({ mean: tf.tensor2d([LOCATION]), scale: tf.tensor2d([SCALE]) });
    assertClose(value, tf.exp(logarithm.draw(seed(1), 6).value), ROUNDING);
    assert.deepEqual([value.shape, logProb().shape], [[6, 1, 4], [6, 1]]);
    assertClose(logProb(), four().logProb(value), { absolute: 1e-4, relative: 1e-4 });
  });
});
