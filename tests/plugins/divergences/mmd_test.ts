import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import {
  type Distribution,
  distributions,
  divergences,
  type Estimate,
  schedules,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { onEachBackend } from "../../helpers/backends.ts";
import { mean, moment } from "../../helpers/statistics.ts";
import { tinyData, tinyParts } from "../../helpers/tiny.ts";

const { normal, standardNormal } = distributions;
const { betaKl, mmd } = divergences;

await useBackend({ backend: "wasm" });

const NOISE = seed(2);

function given(
  posterior: Distribution,
  prior: Distribution,
  { samples = 1, noise = NOISE, step = 0 } = {},
): Estimate<Distribution, Distribution> {
  return {
    posterior,
    prior,
    draw: posterior.draw(noise.split("latents"), samples),
    seed: noise,
    context: { ...AT_REST, progress: { step, epoch: 0 } },
  };
}

/** B = 4, K = 2. */
const posterior = (): Distribution =>
  normal({
    mean: tf.tensor2d([[1, -1], [2, 0], [0, 0.5], [-1, 3]]),
    scale: tf.tensor2d([[0.5, 1], [1, 0.25], [2, 1], [0.1, 0.7]]),
  });

type Points = readonly (readonly number[])[];

/** MMD² of some points, straight from its definition. */
function discrepancy(
  q: Points,
  p: Points,
  k: (squared: number) => number,
  statistic: "unbiased" | "biased",
): number {
  const average = (a: Points, b: Points): number => {
    const values = a.flatMap((x, i) =>
      b.flatMap((y, j) =>
        a === b && i === j && statistic === "unbiased"
          ? []
          : [k(x.reduce((sum, value, d) => sum + (value - y[d]!) ** 2, 0))]
      )
    );
    return mean(values);
  };
  return average(q, q) - 2 * average(q, p) + average(p, p);
}

Deno.test("mmd() is the discrepancy of the draws, sample by sample", async (t) => {
  const kernels = {
    inverseMultiquadratic: (squared: number) => mean([2, 8].map((c) => c / (c + squared))),
    rbf: (squared: number) => mean([2, 8].map((c) => Math.exp(-squared / c))),
  };
  await onEachBackend(t, () => {
    for (const kernel of ["inverseMultiquadratic", "rbf"] as const) {
      for (const statistic of ["unbiased", "biased"] as const) {
        // 2K is 4.
        const divergence = mmd({ kernel, statistic, bandwidths: [0.5, 2] });
        const known = given(posterior(), standardNormal({ event: [2] }), { samples: 3 });
        const [term, ...rest] = divergence.estimate(known);
        const q = known.draw.value.arraySync() as number[][][];
        const p = known.prior.draw(NOISE.split("mmd"), 12).value.reshape([3, 4, 2])
          .arraySync() as number[][][];
        const k = kernels[kernel];
        const expected = mean(q.map((points, s) => discrepancy(points, p[s]!, k, statistic)));
        assert.equal(rest.length, 0);
        assertClose(term.nats, expected, { absolute: 2e-6 });
        assertClose(term.contribution, -expected, { absolute: 2e-6 });
        assert.deepEqual([term.name, term.weight, term.samples], ["squared MMD", 1, 3]);
        assert.equal(term.estimator, statistic === "biased" ? "biased" : "Monte Carlo");
        assert.deepEqual(term.nats.shape, []);
      }
    }
  });
});

Deno.test("mmd() is right on average unless it says that it is biased", () => {
  // One latent, z ~ N(1, ½²) whatever the datum, y ~ N(0, 1), and C = 2.
  const expectation = (mean: number, variance: number): number =>
    Math.sqrt(2 / (2 + 2 * variance)) * Math.exp(-(mean ** 2) / (2 + 2 * variance));
  const exact = expectation(0, 0.5) - 2 * expectation(1, 1.25) + expectation(0, 2);
  const runs = (statistic: "unbiased" | "biased"): number[] =>
    Array.from({ length: 1000 }, (_, i) =>
      tf.tidy(() => {
        const q = normal({ mean: tf.ones([5, 1]), scale: tf.fill([5, 1], 0.5) });
        const noise = seed(i).split("mmd");
        const known = given(q, standardNormal({ event: [1] }), { noise });
        const divergence = mmd({ kernel: "rbf", bandwidths: [1], statistic });
        return divergence.estimate(known)[0].nats.dataSync()[0]!;
      }));
  const unbiased = runs("unbiased"), biased = runs("biased");
  const error = Math.sqrt(moment(unbiased, 2, mean(unbiased)) / unbiased.length);
  assertClose(mean(unbiased), exact, { absolute: 4 * error });
  assert(mean(biased) > exact + 10 * error);
  assert(Math.min(...biased) >= -1e-6 && Math.min(...unbiased) < 0);
});

Deno.test("mmd() draws from a prior for every datum, and from latents of several axes", () => {
  tf.tidy(() => {
    const prior = normal({ mean: tf.zeros([4, 2]), scale: tf.ones([4, 2]) });
    const [term] = mmd().estimate(given(posterior(), prior, { samples: 2 }));
    assert.deepEqual(term.nats.shape, []);
    const wide = normal({ mean: tf.zeros([4, 2, 3]), scale: tf.ones([4, 2, 3]) });
    const [other] = mmd().estimate(given(wide, standardNormal({ event: [2, 3] })));
    assert(Number.isFinite(other.nats.dataSync()[0]));
  });
});

Deno.test("mmd() of a batch of one says that it is biased", () => {
  tf.tidy(() => {
    const q = normal({ mean: tf.zeros([1, 2]), scale: tf.ones([1, 2]) });
    const known = given(q, standardNormal({ event: [2] }));
    const [term] = mmd().estimate(known);
    assert.equal(term.estimator, "biased");
    assertClose(term.nats, mmd({ statistic: "biased" }).estimate(known)[0].nats, {});
  });
});

Deno.test("mmd() has a weight, which may be a schedule", () => {
  tf.tidy(() => {
    const weight = schedules.linear({ from: 0, to: 8, steps: 4 });
    const known = given(posterior(), standardNormal({ event: [2] }), { step: 2 });
    const [plain] = mmd().estimate(known), [term] = mmd({ weight }).estimate(known);
    assert.equal(term.weight, 4);
    assertClose(term.nats, plain.nats, {});
    assertClose(term.contribution, plain.nats.mul(-4), { relative: 1e-6 });
  });
});

Deno.test("mmd() adds the rows of another divergence, and a model has no bound from them", () => {
  const divergence = mmd({ weight: 10, divergence: betaKl({ beta: 0.5 }) });
  const model = vae({ ...tinyParts, divergence }), batch = tinyData().rows([0, 1, 2, 3]);
  tf.tidy(() => {
    const { terms, bound, objective } = model.ledger(batch, { seed: 1 });
    assert.deepEqual(terms.map(({ name, weight }) => [name, weight]), [
      ["reconstruction", 1],
      ["squared MMD", 10],
      ["divergence", 0.5],
    ]);
    assert.equal(bound, undefined);
    const total = terms.reduce(
      (sum, { contribution }) => sum.add(contribution.mean()),
      tf.scalar(0),
    );
    assertClose(objective, total, { absolute: 1e-5 });
  });
  tf.dispose(Object.values(batch));
  model.dispose();
});

Deno.test("mmd() can be made again from its options", () => {
  const { kind, name, isKl, options } = mmd();
  assert.deepEqual([kind, name, isKl], ["divergence", "mmd", false]);
  assert.deepEqual(options, {
    weight: 1,
    kernel: "inverseMultiquadratic",
    bandwidths: [0.1, 0.2, 0.5, 1, 2, 5, 10],
    statistic: "unbiased",
    divergence: undefined,
  });
  assert.deepEqual(mmd(options as Parameters<typeof mmd>[0]).options, options);
});

Deno.test("mmd() refuses options out of range", () => {
  const refuses = (options: object, message: string): void =>
    assert.throws(() => mmd(options), {
      name: "RangeError",
      message: `Cannot build divergence as ${message}`,
    });
  for (const value of [-1, NaN, Infinity]) {
    refuses(
      { weight: value },
      `'weight' must be a non-negative number: current value is ${value}`,
    );
  }
  for (const value of [0, -1, NaN]) {
    refuses(
      { bandwidths: [1, value] },
      `'bandwidths' must be a positive number: current value is ${value}`,
    );
  }
  refuses({ bandwidths: [] }, "'bandwidths' must be a list of at least one: current value is []");
  refuses(
    { kernel: "linear" },
    "'kernel' must be 'inverseMultiquadratic' or 'rbf': current value is 'linear'",
  );
  refuses(
    { statistic: "U" },
    "'statistic' must be 'unbiased' or 'biased': current value is 'U'",
  );
});
