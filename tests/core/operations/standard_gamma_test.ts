import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import {
  logStandardGamma,
  logStandardGammaSlope,
} from "../../../core/operations/standard_gamma.ts";
import { seed } from "../../../core/random.ts";
import { useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

await useBackend({ backend: "cpu" });

/** −(∂F/∂α) / (z p(z)) by differences of the incomplete gamma function, with 30 digits. */
const SLOPES: readonly (readonly [concentration: number, z: number, slope: number])[] = [
  [1, 0.01, 5.055692237],
  [1, 1, 1.173563027],
  [1, 6, 0.4190404606],
  [1.5, 0.25, 1.572978594],
  [2.5, 2.5, 0.427469208],
  [2.5, 12, 0.17587346],
  [30, 20, 0.04077111121],
  [30, 30, 0.0335191239],
  [30, 45, 0.02718094459],
  [1000, 900, 0.001053780709],
  [1000, 1000, 0.001000166683],
  [1000, 1080, 0.0009621733347],
];

Deno.test("logStandardGammaSlope() is the implicit derivative of a draw", async (t) => {
  await onEachBackend(t, () => {
    const concentration = tf.tensor1d(SLOPES.map(([a]) => a));
    const logZ = tf.tensor2d([SLOPES.map(([, z]) => Math.log(z))]);
    const slopes = logStandardGammaSlope(concentration, logZ);
    assert.deepEqual(slopes.shape, [1, SLOPES.length]);
    assertClose(slopes, SLOPES.map(([, , slope]) => slope), { relative: 1e-4 });
  });
});

/** Draws of each, and the trigamma function: Var[log z] and d E[log z] / dα. */
const DRAWS = 4000;
const CONCENTRATIONS = [0.25, 0.9, 1, 3, 1000] as const;
const TRIGAMMA = [17.197329, 1.92254, 1.644934, 0.3949341, 0.0010005] as const;

Deno.test("logStandardGamma() has mean and variance α, and so has its gradient", async (t) => {
  await onEachBackend(t, () => {
    const concentration = tf.tensor1d([...CONCENTRATIONS]);
    const draw = (a: tf.Tensor): tf.Tensor => logStandardGamma(a, seed(5), DRAWS);
    const { mean, variance } = tf.moments(tf.exp(draw(concentration)), 0);
    CONCENTRATIONS.forEach((a, i) => {
      // Six standard errors, with the fourth moment 3α² + 6α of the gamma distribution.
      const error = 6 * Math.sqrt(a / DRAWS), wider = 6 * Math.sqrt((2 * a * a + 6 * a) / DRAWS);
      assertClose(mean.dataSync()[i]!, a, { absolute: error });
      assertClose(variance.dataSync()[i]!, a, { absolute: wider });
    });
    const slope = tf.grad((a) => tf.sum(tf.mean(draw(a), 0)))(concentration);
    assertClose(slope, [...TRIGAMMA], { relative: 0.1 });
    // d E[z] / dα = 1.
    const ofMean = tf.grad((a) => tf.sum(tf.mean(tf.exp(draw(a)), 0)))(concentration);
    assertClose(ofMean, Array(CONCENTRATIONS.length).fill(1), { absolute: 0.1 });
  });
});

Deno.test("logStandardGamma() and its gradient are finite with extreme concentrations", async (t) => {
  await onEachBackend(t, () => {
    const concentration = tf.tensor1d([1e-4, 1e-2, 1 - 2 ** -24, 1, 1e4, 1e6]);
    const draw = (a: tf.Tensor): tf.Tensor => logStandardGamma(a, seed(2), 500);
    assert(draw(concentration).dataSync().every(Number.isFinite));
    const slope = tf.grad((a) => tf.sum(draw(a)))(concentration);
    assert(slope.dataSync().every((value) => Number.isFinite(value) && value > 0), `${slope}`);
  });
});

Deno.test("logStandardGamma() depends on the seed alone", () => {
  tf.tidy(() => {
    const draw = (from: number): string =>
      logStandardGamma(tf.tensor1d([0.5, 2]), seed(from), 8).dataSync().toString();
    assert.equal(draw(1), draw(1));
    assert.notEqual(draw(1), draw(2));
  });
});
