import assert from "node:assert/strict";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import { distributions, type Tensor, useBackend } from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { checkLaws, distributionLaws } from "../../laws/mod.ts";

const { discretizedLogistic, discretizedLogisticFamily } = distributions;

await useBackend({ backend: "cpu" });

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** P(k / (levels − 1)) in float64, as the difference that it is. */
function mass(k: number, levels: number, location: number, scale: number): number {
  const width = 1 / (levels - 1), standard = (x: number): number => (x * width - location) / scale;
  const below = k === 0 ? 0 : sigmoid(standard(k - 0.5));
  const above = k === levels - 1 ? 0 : sigmoid(-standard(k + 0.5));
  return 1 - below - above;
}

const LOCATIONS = [0, 0.3, 0.5, 0.998, 1.2, -0.1], SCALES = [0.05, 0.5, 0.01, 0.02, 0.3, 0.1];

const several = (levels: number) =>
  discretizedLogistic({
    location: tf.tensor2d([LOCATIONS]),
    scale: tf.tensor2d([SCALES]),
    levels,
  });

Deno.test("discretizedLogistic() says what it is, and has 256 levels unless told", () => {
  tf.tidy(() => {
    const q = discretizedLogistic({ location: tf.zeros([2, 3]), scale: tf.scalar(1) });
    assert.deepEqual([q.family, q.domain, q.reparameterized], [
      "discretizedLogistic",
      "discrete",
      false,
    ]);
    assert.deepEqual([q.batch, q.event, q.levels], [2, [3], 256]);
  });
});

Deno.test("discretizedLogistic() is the difference of two sigmoids", async (t) => {
  await onEachBackend(t, () => {
    for (const levels of [2, 5, 256]) {
      for (const k of new Set([0, 1, levels >> 1, levels - 1])) {
        const nats = several(levels).logDensities(tf.fill([1, 1, 6], k / (levels - 1)));
        const expected = LOCATIONS.map((mean, i) => mass(k, levels, mean, SCALES[i]!));
        assertClose(tf.exp(nats), expected, { absolute: 1e-6, relative: 2e-5 });
      }
    }
  });
});

Deno.test("discretizedLogistic() keeps its logarithm where the sigmoids are all 0 or 1", async (t) => {
  await onEachBackend(t, () => {
    const location = tf.tensor2d([[0.1]]), scale = tf.scalar(0.002);
    const [nats] = discretizedLogistic({ location, scale })
      .logDensities(tf.fill([1, 1, 1], 230 / 255)).dataSync();
    // e⁻ᵃ (1 − e⁻ʷ/ˢ), from the lower end of the level.
    const lower = (229.5 / 255 - 0.1) / 0.002;
    const expected = -lower + Math.log(-Math.expm1(-1 / 255 / 0.002));
    assert(Math.abs(nats! - expected) < 1e-3, `${nats} is not ${expected}`);
  });
});

Deno.test("discretizedLogistic() takes a value between two levels for the nearer one", () => {
  tf.tidy(() => {
    const q = several(5), at = (x: number) => q.logDensities(tf.fill([1, 1, 6], x)).arraySync();
    assert.deepEqual(at(0.26), at(0.25));
    assert.deepEqual(at(0.124), at(0));
    assert.notDeepEqual(at(0.126), at(0));
    const grad = tf.grad((x) => q.logProb(x).sum())(tf.fill([1, 1, 6], 0.26));
    assert(grad.dataSync().every((slope) => slope === 0));
  });
});

Deno.test("discretizedLogistic() knows its mean and variance, narrow ones too", async (t) => {
  await onEachBackend(t, () => {
    for (const levels of [2, 5, 256]) {
      const location = [...LOCATIONS, 0.4, 0.50196], scale = [...SCALES, 1e-3, 1e-4];
      const q = discretizedLogistic({
        location: tf.tensor2d([location]),
        scale: tf.tensor2d([scale]),
        levels,
      });
      const moments = location.map((mean, i) => {
        const masses = Array.from({ length: levels }, (_, k) => mass(k, levels, mean, scale[i]!));
        const first = masses.reduce((sum, p, k) => sum + p * k / (levels - 1), 0);
        return [first, masses.reduce((sum, p, k) => sum + p * (k / (levels - 1) - first) ** 2, 0)];
      });
      assertClose(q.mean, moments.map(([mean]) => mean!), { absolute: 1e-6 });
      const tolerance = { absolute: 2e-9, relative: 1e-3 };
      assertClose(q.variance, moments.map(([, variance]) => variance!), tolerance);
    }
  });
});

Deno.test("DiscretizedLogistic.mean leaves no tensor behind, and has a gradient", () => {
  const location = tf.tensor2d([[0.4, 0.6]]), scale = tf.scalar(0.1);
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const mean = (location: Tensor): Tensor => discretizedLogistic({ location, scale }).mean;
    const slopes = tf.grad((location) => mean(location).sum())(location);
    const h = 0.01, ahead = mean(tf.add(location, h)), behind = mean(tf.sub(location, h));
    assertClose(slopes, tf.div(tf.sub(ahead, behind), 2 * h), { absolute: 1e-2 });
  });
  assert.equal(tf.memory().numTensors, before);
  tf.dispose([location, scale]);
});

Deno.test("discretizedLogistic() stays finite at extremes, and so do its gradients", async (t) => {
  await onEachBackend(t, () => {
    const location = tf.tensor2d([[-1e4, 0.5, 0.5, 0.5, 1e4]]);
    const scale = tf.tensor2d([[1e-6, 1e-6, 1, 1e6, 1e-6]]);
    for (const x of [0, 100 / 255, 1]) {
      const nats = (location: Tensor, scale: Tensor): Tensor =>
        discretizedLogistic({ location, scale }).logDensities(tf.fill([1, 1, 5], x));
      const found = tf.grads((location, scale) => nats(location, scale).sum())([location, scale]);
      for (const tensor of [nats(location, scale), ...found]) {
        assert(tensor.dataSync().every(Number.isFinite), `at ${x}: ${tensor}`);
      }
    }
    const draws = discretizedLogistic({ location, scale }).draw(seed(1), 20).value.dataSync();
    assert(draws.every((x) => x >= 0 && x <= 1));
  });
});

Deno.test("the laws notice levels that are not those of the distribution", async () => {
  const family = discretizedLogisticFamily({ levels: 5 });
  const held = (levels: number) =>
    checkLaws(
      distributionLaws(family, { levels, cases: 5, ranges: { location: [0, 1] } }).filter(
        ({ name }) => name === "normalization",
      ),
    );
  const [right] = await held(5), [wrong] = await held(4);
  assert.deepEqual([right!.outcome, wrong!.outcome], ["kept", "broken"]);
});

Deno.test("discretizedLogistic() refuses fewer than two levels", () => {
  tf.tidy(() => {
    for (const levels of [1, 0, 2.5, NaN]) {
      assert.throws(
        () => discretizedLogistic({ location: tf.zeros([1, 1]), scale: tf.scalar(1), levels }),
        {
          name: "RangeError",
          message:
            "Cannot make a discretized logistic as 'levels' must be an integer of at least " +
            `2: current value is ${levels}`,
        },
      );
    }
    assert.throws(() => discretizedLogisticFamily({ levels: 1 }), /Cannot describe a family/);
  });
});
