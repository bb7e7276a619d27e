import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { gamma } = distributions;

await useBackend({ backend: "cpu" });

/** log p(x), with 30 digits. */
const DENSITIES: readonly (readonly [a: number, rate: number, x: number, nats: number])[] = [
  [0.25, 2, 0.01, 2.31914191],
  [1, 3, 2, -4.901387711],
  [2.5, 0.5, 7, -2.598685598],
  [30, 4, 6.5, -1.385945003],
  [1000, 8, 128, -2.600647874],
  [0.001, 1, 0.5, -6.714724852],
  [1000, 0.001, 900000, -16.53580993],
];

const column = (i: 0 | 1 | 2) => tf.tensor2d([DENSITIES.map((row) => row[i])]);
const all = () => gamma({ concentration: column(0), rate: column(1) });

Deno.test("gamma() says what it is", () => {
  tf.tidy(() => {
    const { family, domain, reparameterized, batch, event, mean, variance } = all();
    assert.deepEqual([family, domain, reparameterized], ["gamma", "positive", true]);
    assert.deepEqual([batch, event], [1, [7]]);
    assertClose(mean, DENSITIES.map(([a, rate]) => a / rate), { relative: 1e-6 });
    assertClose(variance, DENSITIES.map(([a, rate]) => a / rate ** 2), { relative: 1e-6 });
  });
});

Deno.test("gamma() has the log-densities of an independent computation", async (t) => {
  await onEachBackend(t, () => {
    const expected = DENSITIES.map(([, , , nats]) => nats), x = column(2).expandDims(0);
    assertClose(all().logDensities(x), expected, { absolute: 1e-5, relative: 1e-5 });
    const sum = expected.reduce((a, b) => a + b);
    assertClose(all().logProb(x), sum, { relative: 1e-5 });
  });
});

Deno.test("Gamma.draw() passes gradients on to concentration and rate", async (t) => {
  await onEachBackend(t, () => {
    const means = tf.grads((concentration, rate) =>
      tf.sum(tf.mean(
        gamma({ concentration: concentration!, rate: rate! }).draw(seed(1), 5000).value,
        0,
      ))
    );
    // d(α/β)/dα = 1/β and d(α/β)/dβ = −α/β².
    const [byConcentration, byRate] = means([tf.tensor2d([[0.5, 4]]), tf.tensor2d([[2, 0.5]])]);
    assertClose(byConcentration!, [0.5, 2], { relative: 0.06 });
    assertClose(byRate!, [-0.125, -16], { relative: 0.15 });
  });
});

Deno.test("gamma() draws positive numbers where float32 would round to 0", () => {
  tf.tidy(() => {
    const q = gamma({ concentration: tf.fill([1, 1], 1e-3), rate: tf.ones([1, 1]) });
    const { value, logProb } = q.draw(seed(1), 100);
    assert(value.dataSync().every((x) => x > 0));
    assert(logProb().dataSync().every(Number.isFinite));
  });
});

Deno.test("gamma() broadcasts a rate to the shape of the concentration", () => {
  tf.tidy(() => {
    const q = gamma({ concentration: tf.ones([2, 3]), rate: tf.scalar(2) });
    assert.deepEqual(q.draw(seed(1), 4).value.shape, [4, 2, 3]);
    const expected = Array(6).fill(Math.log(2) - 2);
    assertClose(q.logDensities(tf.ones([1, 1, 3])), expected, { relative: 1e-5 });
  });
});
