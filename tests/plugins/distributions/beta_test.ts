import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { beta } = distributions;

await useBackend({ backend: "cpu" });

/** log p(x), with 30 digits. */
const DENSITIES: readonly (readonly [a: number, b: number, x: number, nats: number])[] = [
  [0.25, 2, 0.0078125, 2.468028711],
  [1, 1, 0.5, 0],
  [2.5, 0.5, 0.75, 0.09772343904],
  [30, 4, 0.875, 1.89493357],
  [1000, 1000, 0.5, 3.574534877],
  [0.001, 3, 0.5, -7.600096231],
  [1000, 0.5, 0.9990234375, 5.371060991],
];

const column = (i: 0 | 1 | 2) => tf.tensor2d([DENSITIES.map((row) => row[i])]);
const all = () => beta({ concentration1: column(0), concentration0: column(1) });

Deno.test("beta() says what it is", () => {
  tf.tidy(() => {
    const { family, domain, reparameterized, batch, event, mean, variance } = all();
    assert.deepEqual([family, domain, reparameterized], ["beta", "unit", true]);
    assert.deepEqual([batch, event], [1, [7]]);
    assertClose(mean, DENSITIES.map(([a, b]) => a / (a + b)), { relative: 1e-6 });
    const variances = DENSITIES.map(([a, b]) => a * b / ((a + b) ** 2 * (a + b + 1)));
    assertClose(variance, variances, { relative: 1e-5 });
  });
});

Deno.test("beta() has the log-densities of an independent computation", async (t) => {
  await onEachBackend(t, () => {
    const expected = DENSITIES.map(([, , , nats]) => nats), x = column(2).expandDims(0);
    assertClose(all().logDensities(x), expected, { absolute: 3e-4, relative: 1e-5 });
    assertClose(all().logProb(x), expected.reduce((a, b) => a + b), { relative: 1e-4 });
  });
});

Deno.test("beta() is finite at 0 and at 1, and so are its gradients", async (t) => {
  await onEachBackend(t, () => {
    for (const a of [1e-3, 1, 1e3]) {
      for (const x of [0, 1]) {
        const logProb = (a: tf.Tensor): tf.Tensor =>
          beta({ concentration1: a, concentration0: tf.mul(a, 2) }).logProb(tf.fill([1, 1, 1], x));
        const at = tf.fill([1, 1], a);
        assert(Number.isFinite(logProb(at).dataSync()[0]), `a = ${a}, x = ${x}`);
        assert(Number.isFinite(tf.grad(logProb)(at).dataSync()[0]), `a = ${a}, x = ${x}`);
      }
    }
  });
});

Deno.test("Beta.draw() passes gradients on to both concentrations", async (t) => {
  await onEachBackend(t, () => {
    const means = tf.grads((a, b) =>
      tf.sum(
        tf.mean(beta({ concentration1: a!, concentration0: b! }).draw(seed(1), 5000).value, 0),
      )
    );
    // d(α/(α + β))/dα = β/(α + β)².
    const [first, second] = means([tf.tensor2d([[0.5, 3]]), tf.tensor2d([[0.5, 1]])]);
    assertClose(first!, [0.5, 1 / 16], { relative: 0.08 });
    assertClose(second!, [-0.5, -3 / 16], { relative: 0.08 });
  });
});
