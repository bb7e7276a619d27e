import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { studentT } = distributions;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 2e-6, relative: 1e-5 };

/** Values with their parameters, and what PyTorch says of them in float64. */
const DEGREES = [5, 2.5, 1.5, 30, 1000], LOCATION = [0, -1, 3, -7.5, 0.25];
const SCALE = [1, 0.5, 2, 10, 0.0625], X = [0, 1, -2.5, 40, 0.125];
const LOG_DENSITIES = [
  -0.9686195890547241,
  -3.8260824132682223,
  -4.018147355482622,
  -11.922341537473567,
  -0.14460645632685765,
];

const five = (degrees = DEGREES) =>
  studentT({
    degreesOfFreedom: tf.tensor2d([degrees]),
    location: tf.tensor2d([LOCATION]),
    scale: tf.tensor2d([SCALE]),
  });

/** One distribution with ν degrees of freedom. */
const one = (degrees: number) => {
  const location = tf.zeros([1, 1]), scale = tf.scalar(1);
  return studentT({ degreesOfFreedom: tf.scalar(degrees), location, scale });
};

Deno.test("studentT() says what it is, and knows the moments that there are", () => {
  tf.tidy(() => {
    const { family, domain, reparameterized, batch, event, mean, variance } = five();
    assert.deepEqual([family, domain, reparameterized], ["studentT", "real", true]);
    assert.deepEqual([batch, event], [1, [5]]);
    assertClose(mean, LOCATION, {});
    const expected = [1.6666666666666667, 1.25, Infinity, 107.14285714285714, 0.003914078156312625];
    assertClose(variance, expected, ROUNDING);
    for (const degrees of [0.5, 1]) {
      const { mean, variance } = one(degrees);
      assert([mean, variance].every((moment) => Number.isNaN(moment.dataSync()[0])));
    }
  });
});

Deno.test("studentT() has the log-densities of an independent implementation", async (t) => {
  await onEachBackend(t, () => {
    const x = tf.tensor3d([[X]]);
    assertClose(five().logDensities(x), LOG_DENSITIES, ROUNDING);
    assertClose(five().logProb(x), LOG_DENSITIES.reduce((a, b) => a + b), ROUNDING);
  });
});

Deno.test("studentT() has the gradients of an independent implementation", async (t) => {
  await onEachBackend(t, () => {
    const gradients = tf.grads((degreesOfFreedom, location, scale) =>
      studentT({ degreesOfFreedom: degreesOfFreedom!, location: location!, scale: scale! })
        .logProb(tf.tensor3d([[X]])).sum()
    );
    const [byDegrees, byLocation, byScale] = gradients(
      [DEGREES, LOCATION, SCALE].map((row) => tf.tensor2d([row])),
    );
    const expected = [
      0.009813847226611966,
      -0.3578716012380935,
      -0.1080673173139699,
      -0.058345526809721104,
      -1.7367305112365831e-06,
    ];
    assertClose(byDegrees!, expected, { absolute: 2e-6, relative: 1e-4 });
    const locations = [0, 1.5135135135, -0.37931034483, 0.28014268728, -31.90438247];
    assertClose(byLocation!, locations, ROUNDING);
    assertClose(byScale!, [-1, 4.0540540541, 0.54310344828, 1.2306777646, 47.80876494], ROUNDING);
  });
});

Deno.test("studentT() with 1 degree of freedom is Cauchy's distribution, also its draws", async (t) => {
  await onEachBackend(t, () => {
    const x = [0, 1, -3, 1e4];
    const found = one(1).logDensities(tf.tensor3d(x, [4, 1, 1]));
    assertClose(found, x.map((x) => -Math.log(Math.PI * (1 + x * x))), ROUNDING);
    const draws = one(1).draw(seed(1), 20_000).value.dataSync();
    for (const beyond of [0.1, 1, 10, 100]) {
      const seen = draws.filter((x) => Math.abs(x) > beyond).length / draws.length;
      const expected = 1 - 2 / Math.PI * Math.atan(beyond);
      const error = Math.sqrt(expected * (1 - expected) / draws.length);
      assertClose(seen, expected, { absolute: 4 * error });
    }
  });
});

Deno.test("studentT() with many degrees of freedom is normal, to the digits of float32", async (t) => {
  await onEachBackend(t, () => {
    const x = [0, 1, -3], found = one(1e6).logDensities(tf.tensor3d(x, [3, 1, 1]));
    const expected = x.map((x) => -0.5 * x * x - 0.5 * Math.log(2 * Math.PI));
    assertClose(found, expected, { absolute: 3e-5 });
    const { value } = one(1e6).draw(seed(2), 20_000), { mean, variance } = tf.moments(value);
    assertClose(mean, 0, { absolute: 0.03 });
    assertClose(variance, 1, { absolute: 0.04 });
  });
});

Deno.test("draws of studentT() pass a gradient on to the degrees of freedom", async (t) => {
  // E x² = ν/(ν − 2), whose derivative is −2/(ν − 2)².
  await onEachBackend(t, () => {
    const gradient = tf.grad((degreesOfFreedom) => {
      const location = tf.zeros([1, 1]), scale = tf.scalar(1);
      const { value } = studentT({ degreesOfFreedom, location, scale }).draw(seed(3), 50_000);
      return tf.mean(tf.square(value));
    })(tf.scalar(12));
    assertClose(gradient, -2 / 100, { absolute: 2e-3 });
  });
});
