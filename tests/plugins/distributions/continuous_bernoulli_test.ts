import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, type Tensor, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { kolmogorov, KOLMOGOROV_BOUND } from "../../helpers/statistics.ts";

const { continuousBernoulli } = distributions;

await useBackend({ backend: "cpu" });

/** By logits: log p(x) at 0, 0.3 and 1, the mean and the variance, of PyTorch 1.13 in float64. */
const KNOWN = [
  [-30, [3.40119738, -5.59880262, -26.59880262], 0.03333333, 0.00111111],
  [-5, [1.61619866, 0.11619866, -3.38380134], 0.19321635, 0.03317033],
  [-1.5, [0.65794757, 0.20794757, -0.84205243], 0.37944975, 0.07473397],
  [-0.7, [0.32966606, 0.11966606, -0.37033394], 0.44213756, 0.0813307],
  [0, [0, 0, 0], 0.5, 0.08333333],
  [0.05, [-0.02510416, -0.01010416, 0.02489584], 0.50416649, 0.08332292],
  [0.9999, [-0.54126666, -0.24129666, 0.45863334], 0.58196877, 0.07932718],
  [3, [-1.85031853, -0.95031853, 1.14968147], 0.71906236, 0.05597011],
  [20, [-17.00426773, -11.00426773, 2.99573227], 0.95, 0.0025],
] as const;

const logits = KNOWN.map(([l]) => l);
const known = () => continuousBernoulli({ logits: tf.tensor2d([logits]) });

/** Logits on both sides of where the formulas change. */
const SEAMS = [-1.001, -1, -0.999, -0.301, -0.299, -1e-3, 0, 1e-6, 0.299, 0.301, 0.999, 1, 1.001];

/** A′(ℓ) in float64, by A's series at 0. */
const meanAt = (l: number): number =>
  Math.abs(l) < 1e-2 ? 0.5 + l / 12 - l ** 3 / 720 : -1 / Math.expm1(-l) - 1 / l;

Deno.test("continuousBernoulli() says what it is", () => {
  tf.tidy(() => {
    const q = known();
    assert.deepEqual([q.family, q.domain, q.reparameterized], [
      "continuousBernoulli",
      "unit",
      true,
    ]);
    assert.deepEqual([q.batch, q.event], [1, [9]]);
  });
});

Deno.test("continuousBernoulli() has the densities and moments of PyTorch", async (t) => {
  await onEachBackend(t, () => {
    const q = known();
    [0, 0.3, 1].forEach((x, i) => {
      const expected = KNOWN.map(([, nats]) => nats[i]!);
      const tolerance = { absolute: 1e-6, relative: 1e-6 };
      assertClose(q.logDensities(tf.fill([1, 1, 9], x)), expected, tolerance);
    });
    assertClose(q.mean, KNOWN.map(([, , mean]) => mean), { absolute: 2e-7 });
    assertClose(q.variance, KNOWN.map(([, , , variance]) => variance), { absolute: 3e-7 });
  });
});

Deno.test("continuousBernoulli() has smooth gradients where its formulas change", async (t) => {
  await onEachBackend(t, () => {
    const at = tf.tensor2d([SEAMS]);
    const slope = tf.grad((l) =>
      continuousBernoulli({ logits: l }).logProb(tf.fill([1, 1, SEAMS.length], 0.25)).sum()
    )(at);
    assertClose(slope, SEAMS.map((l) => 0.25 - meanAt(l)), { absolute: 1e-6 });
    assertClose(continuousBernoulli({ logits: at }).mean, SEAMS.map(meanAt), { absolute: 3e-7 });
    const variances = tf.grad((l) => continuousBernoulli({ logits: l }).mean.sum())(at);
    assertClose(continuousBernoulli({ logits: at }).variance, variances, { absolute: 2e-6 });
  });
});

Deno.test("ContinuousBernoulli.draw() is the quantile of its noise, with its gradient", async (t) => {
  const quantile = (l: number, u: number): number =>
    Math.abs(l) < 1e-4 ? u + l * u * (1 - u) / 2 : Math.log1p(u * Math.expm1(l)) / l;
  await onEachBackend(t, () => {
    const at = tf.tensor2d([SEAMS]),
      draws = (l: Tensor): Tensor => continuousBernoulli({ logits: l }).draw(seed(1), 200).value;
    const noise = continuousBernoulli({ logits: tf.zeros([1, SEAMS.length]) })
      .draw(seed(1), 200).value.dataSync();
    const place = (i: number): number => SEAMS[i % SEAMS.length]!;
    const expected = Array.from(noise, (u, i) => quantile(place(i), u));
    assertClose(draws(at), expected, { absolute: 1e-6 });
    const h = 1e-3,
      slopes = SEAMS.map((l, k) =>
        Array.from(noise).reduce(
          (sum, u, i) =>
            i % SEAMS.length === k
              ? sum + (quantile(l + h, u) - quantile(l - h, u)) / (2 * h)
              : sum,
          0,
        )
      );
    assertClose(tf.grad((l) => draws(l).sum())(at), slopes, { relative: 1e-4 });
  });
});

Deno.test("ContinuousBernoulli.draw() reaches the tails of steep densities", async (t) => {
  await onEachBackend(t, () => {
    for (const l of [-200, 200]) {
      const draws = continuousBernoulli({ logits: tf.tensor2d([[l]]) }).draw(seed(2), 5000).value;
      const gap = kolmogorov(
        draws.dataSync().map((x) => l < 0 ? x : 1 - x),
        (x) => -Math.expm1(-200 * x),
      );
      assert(gap < KOLMOGOROV_BOUND, `${gap}`);
    }
  });
});

Deno.test("continuousBernoulli() stays finite with extreme logits, and so do its gradients", async (t) => {
  const extreme = [-1e30, -1e10, -1e4, 1e-30, 0, 1e4, 1e10, 1e30];
  await onEachBackend(t, () => {
    const at = tf.tensor2d([extreme]),
      finite = (what: string, tensor: Tensor) =>
        assert(tensor.dataSync().every(Number.isFinite), `${what}: ${tensor}`);
    const q = continuousBernoulli({ logits: at });
    assertClose(q.mean, [0, 0, 1e-4, 0.5, 0.5, 1 - 1e-4, 1, 1], { absolute: 1e-7 });
    assertClose(q.variance, [0, 0, 1e-8, 1 / 12, 1 / 12, 1e-8, 0, 0], { absolute: 1e-8 });
    for (const x of [0, 0.5, 1]) {
      const nats = (l: Tensor): Tensor =>
        continuousBernoulli({ logits: l }).logDensities(tf.fill([1, 1, extreme.length], x)).sum();
      finite(`log p(${x})`, nats(at));
      finite(`the gradient at ${x}`, tf.grad(nats)(at));
    }
    const draws = (l: Tensor): Tensor => continuousBernoulli({ logits: l }).draw(seed(1), 50).value;
    const values = draws(at).dataSync();
    assert(values.every((x) => x >= 0 && x <= 1));
    finite("the gradient of draws", tf.grad((l) => draws(l).sum())(at));
  });
});
