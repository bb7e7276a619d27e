import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { digamma, logGamma, stirlingError } from "../../../core/operations/log_gamma.ts";
import { useBackend } from "../../../mod.ts";
import { digamma as psi, logGamma as exact, trigamma } from "../../deps.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

await useBackend({ backend: "cpu" });

const FLOAT32 = { absolute: 5e-7, relative: 5e-7 };

/** From 10⁻⁶ to 10⁷, on both sides of 1, where the formula changes, and around the zeros. */
const GRID = [
  ...Array.from({ length: 1301 }, (_, i) => 10 ** (i / 100 - 6)),
  ...Array.from({ length: 501 }, (_, i) => 0.5 + i / 200),
  1 - 2 ** -24,
  1 + 2 ** -23,
].map(Math.fround);

Deno.test("logGamma() is that of an independent implementation, from 10⁻⁶ to 10⁷", async (t) => {
  await onEachBackend(t, () => assertClose(logGamma(tf.tensor1d(GRID)), GRID.map(exact), FLOAT32));
});

Deno.test("digamma() is that of an independent implementation, and the gradient", async (t) => {
  const expected = GRID.map(psi);
  await onEachBackend(t, () => {
    const x = tf.tensor1d(GRID);
    assertClose(digamma(x), expected, FLOAT32);
    assertClose(tf.grad(logGamma)(x), expected, FLOAT32);
    assertClose(tf.grad((x) => tf.mul(logGamma(x), 3))(x), expected.map((y) => 3 * y), FLOAT32);
  });
});

Deno.test("digamma() has the trigamma function for its gradient", async (t) => {
  const expected = GRID.map(trigamma);
  await onEachBackend(t, () => {
    const x = tf.tensor1d(GRID);
    assertClose(tf.grad(digamma)(x), expected, FLOAT32);
    assertClose(tf.grad((x) => tf.grad(logGamma)(x))(x), expected, FLOAT32);
    // −2 ζ(3)
    const [third] = tf.grad((x) => tf.grad(digamma)(x))(tf.tensor1d([1])).dataSync();
    assert(Math.abs(third! + 2.4041138) < 1e-5);
  });
});

Deno.test("logGamma() keeps to whole numbers and shapes, with nothing left behind", async (t) => {
  await onEachBackend(t, () => {
    const x = tf.tensor([1, 2, 3, 4, 5, 6], [1, 2, 3]), before = tf.memory().numTensors;
    const y = tf.tidy(() => logGamma(x)), slope = tf.tidy(() => tf.grad(logGamma)(x));
    assert.deepEqual([y.shape, slope.shape], [x.shape, x.shape]);
    assert.equal(tf.memory().numTensors, before + 2);
    assertClose(y, [1, 1, 2, 6, 24, 120].map(Math.log), FLOAT32);
  });
});

Deno.test("stirlingError() falls like 1/(12x) where log Γ itself has no digits left", async (t) => {
  await onEachBackend(t, () => {
    const x = [1e3, 1e5, 1e7], u = x.map((x) => 1 / x);
    assertClose(stirlingError(tf.tensor1d(x)), u.map((u) => u / 12), { relative: 1e-6 });
    const slope = tf.grad(stirlingError)(tf.tensor1d(x));
    assertClose(slope, u.map((u) => -u * u / 12), { relative: 1e-6 });
  });
});
