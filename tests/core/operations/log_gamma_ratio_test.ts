import { tf } from "../../../core/deps.ts";
import {
  digammaDifference,
  logBeta,
  logGammaRatio,
} from "../../../core/operations/log_gamma_ratio.ts";
import { log1p } from "../../../core/operations/log1p.ts";
import { useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

await useBackend({ backend: "cpu" });

/** Values with 30 digits. */
const RATIOS: readonly (readonly [x: number, d: number, log: number, slope: number])[] = [
  [0.5, 0.5, -0.5723649429, 1.386294361],
  [0.5, 63.5, 200.4369515, 6.114560265],
  [1, 1, 0, 1],
  [3, 9.5, 18.04120033, 1.562411316],
  [1000, 0.5, 3.453752639, 0.000500125],
  [10000, 1, 9.210340372, 0.0001],
  [100000, 31.5, 362.6619554, 0.0003149519724],
];
const BETAS: readonly (readonly [a: number, b: number, log: number])[] = [
  [0.5, 0.5, 1.144729886],
  [1, 2, -0.6931471806],
  [1000, 1000, -1388.482602],
  [0.001, 1000, 6.90027163],
  [1, 100000, -11.51292546],
  [0.25, 7, 0.815088286],
];
const ROUNDING = { absolute: 5e-7, relative: 1e-6 };

Deno.test("logGammaRatio() and digammaDifference() are exact where log Γ is large", async (t) => {
  await onEachBackend(t, () => {
    for (const [x, d, log, slope] of RATIOS) {
      const at = tf.scalar(x);
      assertClose(logGammaRatio(at, d), log, ROUNDING);
      assertClose(digammaDifference(at, d), slope, { absolute: 2e-7, relative: 1e-6 });
      const gradient = tf.grad((x) => logGammaRatio(x, d))(at);
      assertClose(gradient, slope, { absolute: 5e-7, relative: 1e-5 });
    }
  });
});

Deno.test("logBeta() is exact where log Γ is large, with the same gradient for both", async (t) => {
  await onEachBackend(t, () => {
    const a = tf.tensor1d(BETAS.map(([a]) => a)), b = tf.tensor1d(BETAS.map(([, b]) => b));
    const expected = BETAS.map(([, , log]) => log);
    assertClose(logBeta(a, b), expected, ROUNDING);
    assertClose(logBeta(b, a), expected, ROUNDING);
    const [first, second] = tf.grads((a, b) => logBeta(a!, b!))([a, b]);
    const [other] = tf.grads((b, a) => logBeta(b!, a!))([a, b]);
    assertClose(first!, other!, { relative: 1e-5, absolute: 1e-5 });
    // B(a, b) has equal derivatives where a = b, and d log B(1, b) / db = −1/b.
    assertClose(first!.dataSync()[0]!, second!.dataSync()[0]!, { relative: 1e-6 });
    assertClose(second!.dataSync()[4]!, -1e-5, { absolute: 2e-7 });
  });
});

Deno.test("log1p() has a small relative error, for small numbers too", async (t) => {
  const numbers = [0, 1e-30, 1e-7, 1e-3, 0.1, 0.4999, 0.5, 0.5001, 3, 1e6];
  await onEachBackend(t, () => {
    const x = tf.tensor1d(numbers), values = x.dataSync();
    assertClose(log1p(x), Array.from(values, Math.log1p), { relative: 3e-7 });
    const slopes = Array.from(values, (value) => 1 / (1 + value));
    assertClose(tf.grad((x) => tf.sum(log1p(x)))(x), slopes, { relative: 2e-6 });
  });
});

Deno.test("log1p() grows without end, and its gradient falls to 0", async (t) => {
  await onEachBackend(t, () => {
    const x = tf.tensor1d([3e38, Infinity]);
    assertClose(log1p(x), [Math.log(3e38), Infinity], { relative: 3e-7 });
    assertClose(tf.grad((x) => tf.sum(log1p(x)))(x), [0, 0], { absolute: 1e-37 });
  });
});
