import assert from "node:assert/strict";
import { normalLogpdf as logpdf } from "../../deps.ts";
import { tf } from "../../../core/deps.ts";
import { distributions, divergences, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";

const { bernoulli, laplace, logisticNormal, normal, standardNormal } = distributions;
const { laplaceLaplace, logisticNormalLogisticNormal, normalNormal, normalStandardNormal } =
  divergences;

await useBackend({ backend: "cpu" });

const ROUNDING = { absolute: 1e-5, relative: 1e-5 };

/** Mean and scale of q, mean and scale of p. */
type Pair = readonly [number, number, number, number];

const PAIRS: readonly Pair[] = [
  [0, 1, 0, 1],
  [1, 2, 0, 1],
  [-0.5, 0.0625, 0, 1],
  [1, 2, -1, 0.5],
  [-2, 0.5, 4, 8],
  [0.25, 3, 0.5, 3],
];
const STANDARD = PAIRS.filter(([, , mean, scale]) => mean === 0 && scale === 1);

/** ∫ q(x) (log q(x) − log p(x)) dx by Simpson's rule, in float64. */
function quadrature([mean, scale, priorMean, priorScale]: Pair): number {
  const steps = 4000, width = 24 * scale / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const x = mean - 12 * scale + i * width;
    const q = logpdf(x, mean, scale), p = logpdf(x, priorMean, priorScale);
    sum += (i === 0 || i === steps ? 1 : i % 2 === 0 ? 2 : 4) * Math.exp(q) * (q - p);
  }
  return sum * width / 3;
}

/** One normal for each pair: B pairs, K = 1. */
function normals(pairs: readonly Pair[], which: "q" | "p"): distributions.Normal {
  const first = which === "q" ? 0 : 2;
  const column = (i: number) => tf.tensor2d(pairs.map((pair) => [pair[i]!]));
  return normal({ mean: column(first), scale: column(first + 1) });
}

Deno.test("normalNormal is the integral of q log(q/p)", async (t) => {
  await onEachBackend(t, () => {
    const { nats } = normalNormal.evaluate(normals(PAIRS, "q"), normals(PAIRS, "p"));
    assert.deepEqual(nats.shape, [PAIRS.length]);
    assertClose(nats, PAIRS.map(quadrature), ROUNDING);
  });
});

Deno.test("normalStandardNormal is the integral of q log(q/p)", async (t) => {
  await onEachBackend(t, () => {
    const p = standardNormal({ event: [1] });
    const { nats } = normalStandardNormal.evaluate(normals(STANDARD, "q"), p);
    assert.deepEqual(nats.shape, [STANDARD.length]);
    assertClose(nats, STANDARD.map(quadrature), ROUNDING);
  });
});

Deno.test("closed forms sum the factors of the event, whatever its shape", () => {
  tf.tidy(() => {
    for (const event of [[], [3], [2, 3]]) {
      const shape = [4, ...event], size = event.reduce((a, b) => a * b, 1);
      const q = normal({ mean: tf.fill(shape, 1), scale: tf.fill(shape, 2) });
      const standard = standardNormal({ event });
      const p = normal({ mean: tf.fill([1, ...event], -1), scale: tf.fill([1, ...event], 0.5) });
      const values = [
        [normalStandardNormal.evaluate(q, standard), quadrature([1, 2, 0, 1])],
        [normalNormal.evaluate(q, p), quadrature([1, 2, -1, 0.5])],
      ] as const;
      for (const [{ nats, factors }, each] of values) {
        assert.deepEqual([nats.shape, factors?.shape], [[4], shape]);
        assertClose(factors!, Array(4 * size).fill(each), ROUNDING);
        assertClose(nats, Array(4).fill(size * each), ROUNDING);
      }
    }
  });
});

Deno.test("normalStandardNormal has the gradients μ and σ − 1/σ", async (t) => {
  await onEachBackend(t, () => {
    const means = [-2, 0, 0.5], scales = [0.125, 1, 3];
    const gradients = tf.grads((mean, scale) =>
      normalStandardNormal.evaluate(
        normal({ mean: mean!, scale: scale! }),
        standardNormal({ event: [3] }),
      ).nats.sum()
    );
    const [byMean, byScale] = gradients([tf.tensor2d([means]), tf.tensor2d([scales])]);
    assertClose(byMean!, means, ROUNDING);
    assertClose(byScale!, scales.map((scale) => scale - 1 / scale), ROUNDING);
  });
});

Deno.test("closed forms stay finite at the smallest and at large scales", async (t) => {
  await onEachBackend(t, () => {
    const rawScale = tf.tensor2d([[-100], [100]]), q = normal({ mean: tf.ones([2, 1]), rawScale });
    const expected = [quadrature([1, 1e-6, 0, 1]), 0.5 * (1 + 1e4 - 1 - 2 * Math.log(100))];
    const standard = standardNormal({ event: [1] });
    assertClose(normalStandardNormal.evaluate(q, standard).nats, expected, ROUNDING);
    assertClose(normalNormal.evaluate(q, standard).nats, expected, ROUNDING);
  });
});

Deno.test("ClosedForm.attempt() answers for its own pair of families alone", () => {
  tf.tidy(() => {
    const q = normal({ mean: tf.ones([1, 2]), scale: tf.ones([1, 2]) });
    const standard = standardNormal({ event: [2] }), coin = bernoulli({ logits: tf.ones([1, 2]) });
    assertClose(normalStandardNormal.attempt(q, standard)!.nats, [1], ROUNDING);
    assertClose(normalNormal.attempt(q, standard)!.nats, [1], ROUNDING);
    assertClose(normalNormal.attempt(q, q)!.nats, [0], ROUNDING);
    assert.equal(normalStandardNormal.attempt(standard, q), undefined);
    for (const form of [normalStandardNormal, normalNormal]) {
      assert.equal(form.attempt(q, coin), undefined);
      assert.equal(form.attempt(coin, standard), undefined);
    }
  });
});

Deno.test("laplaceLaplace has the values of an independent implementation", async (t) => {
  const q = { location: [[0, 1, -0.5, 1, -2]], scale: [[1, 2, 0.0625, 2, 0.5]] };
  const p = { location: [[0, 0, 0, -1, 4]], scale: [[1, 1, 1, 0.5, 8]] };
  const expected = [ // PyTorch's, in float64
    0,
    0.5199141388653215,
    2.272609688654025,
    3.0852234035658785,
    2.5225891062530534,
  ];
  const make = ({ location, scale }: typeof q) =>
    laplace({ location: tf.tensor2d(location), scale: tf.tensor2d(scale) });
  await onEachBackend(t, () => {
    const { nats, factors } = laplaceLaplace.evaluate(make(q), make(p));
    assertClose(factors!, expected, ROUNDING);
    assertClose(nats, expected.reduce((a, b) => a + b), ROUNDING);
    assert.equal(laplaceLaplace.attempt(standardNormal({ event: [5] }), make(p)), undefined);
  });
});

Deno.test("laplaceLaplace has a gradient of 0 where q is p, and a finite one far away", async (t) => {
  await onEachBackend(t, () => {
    const gradients = tf.grads((location, scale) =>
      laplaceLaplace.evaluate(
        laplace({ location: location!, scale: scale! }),
        laplace({ location: tf.zeros([1, 3]), scale: tf.ones([1, 3]) }),
      ).nats.sum()
    );
    const [byLocation, byScale] = gradients([tf.tensor2d([[0, 1e4, -1e4]]), tf.ones([1, 3])]);
    assertClose(byLocation!, [0, 1, -1], ROUNDING);
    assertClose(byScale!, [0, -1, -1], ROUNDING);
    const narrow = gradients([tf.fill([1, 3], 1e3), tf.fill([1, 3], 1e-6)]);
    for (const gradient of narrow) assert(gradient.dataSync().every(Number.isFinite));
  });
});

Deno.test("logisticNormalLogisticNormal is the KL before the softmax, without factors", () => {
  tf.tidy(() => {
    const scale = tf.tensor2d([[0.5, 2]]), location = tf.tensor2d([[1, -1]]);
    const q = logisticNormal({ location, scale });
    const p = logisticNormal({ location: tf.zeros([1, 2]), scale: tf.ones([1, 2]) });
    const { nats, factors } = logisticNormalLogisticNormal.evaluate(q, p);
    assertClose(nats, quadrature([1, 0.5, 0, 1]) + quadrature([-1, 2, 0, 1]), ROUNDING);
    assert.equal(factors, undefined);
    assert.equal(
      logisticNormalLogisticNormal.attempt(q, standardNormal({ event: [3] })),
      undefined,
    );
  });
});
