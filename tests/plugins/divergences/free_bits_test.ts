import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import {
  type Distribution,
  distributions,
  type Divergence,
  divergences,
  divergenceTerm,
  type Estimate,
  useBackend,
  vae,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";
import { tinyData, tinyParts } from "../../helpers/tiny.ts";

const { normal, standardNormal } = distributions;
const { betaKl, capacity, freeBits, kl } = divergences;

await useBackend({ backend: "cpu" });

/** KL of each latent: [[0.5, 0], [2, 4.5]]. */
function given(means = [[1, 0], [2, 3]]): Estimate<distributions.Normal, distributions.Normal> {
  const mean = tf.tensor2d(means), posterior = normal({ mean, scale: tf.onesLike(mean) });
  return {
    posterior,
    prior: standardNormal({ event: [2] }),
    draw: posterior.draw(seed(1), 4),
    seed: seed(2),
    context: AT_REST,
  };
}

Deno.test("freeBits() can be made again from its options", () => {
  const { kind, name, options, isKl } = freeBits({ nats: 0.5 });
  assert.deepEqual([kind, name, isKl], ["divergence", "freeBits", true]);
  assert.deepEqual([options.nats, options.per], [0.5, "dimension"]);
  assert.equal((options.divergence as Divergence<Distribution, Distribution>).name, "kl");
  const again = freeBits(options as { nats: number; per: "dimension"; divergence: never });
  assert.deepEqual(again.options, options);
  const divergence = { ...kl(), isKl: false };
  assert.equal(freeBits({ nats: 1, divergence }).isKl, false);
});

Deno.test("freeBits() leaves every latent λ nats, on average over the batch", () => {
  tf.tidy(() => {
    // The means over the batch are 1.25 and 2.25.
    for (const [nats, cost] of [[0, 3.5], [1, 3.5], [1.5, 3.75], [2, 4.25], [3, 6]] as const) {
      const [term] = freeBits({ nats }).estimate(given());
      assert.deepEqual(term.nats.arraySync(), [0.5, 6.5]);
      assert.deepEqual([term.weight, term.contribution.shape], [undefined, []]);
      assertClose(term.contribution, -cost, { absolute: 1e-6 });
    }
  });
});

Deno.test("freeBits() leaves every datum λ nats, with all of its latents", () => {
  tf.tidy(() => {
    for (const [nats, costs] of [[0, [0.5, 6.5]], [1, [1, 6.5]], [7, [7, 7]]] as const) {
      const [term] = freeBits({ nats, per: "datum" }).estimate(given());
      assert.deepEqual(term.nats.arraySync(), [0.5, 6.5]);
      assertClose(term.contribution, costs.map((cost) => -cost), { absolute: 1e-6 });
    }
  });
});

Deno.test("freeBits() passes no gradient to latents that have not used theirs", () => {
  tf.tidy(() => {
    const gradient = tf.grad((mean) => {
      const posterior = normal({ mean: mean as tf.Tensor2D, scale: tf.ones([2, 2]) });
      return freeBits({ nats: 1.5 }).estimate({ ...given(), posterior })[0].contribution;
    })(tf.tensor2d([[1, 0], [2, 3]]));
    // −μ of the mean over two data, for the second latent alone.
    assertClose(gradient, [0, 0, 0, -1.5], { absolute: 1e-6 });
  });
});

Deno.test("freeBits() keeps the weight of the divergence inside", () => {
  tf.tidy(() => {
    const divergence = betaKl({ beta: 4 });
    const [all] = freeBits({ nats: 1.5, divergence }).estimate(given());
    assertClose(all.contribution, -15, { absolute: 1e-5 });
    const [each] = freeBits({ nats: 1, per: "datum", divergence }).estimate(given());
    assertClose(each.contribution, [-4, -26], { absolute: 1e-5 });
  });
});

Deno.test("freeBits() frees every row of the divergence", () => {
  const how = { estimator: "closed form", samples: 0 } as const;
  const divergence: Divergence<Distribution, Distribution> = {
    ...kl(),
    estimate: () => [
      divergenceTerm("a", tf.tensor1d([1, 3]), { ...how, factors: tf.tensor2d([[1], [3]]) }),
      divergenceTerm("b", tf.tensor1d([0, 1]), { ...how, factors: tf.tensor2d([[0], [1]]) }),
    ],
  };
  tf.tidy(() => {
    const rows = freeBits({ nats: 1, divergence }).estimate(given());
    assert.deepEqual(rows.map(({ name }) => name), ["a", "b"]);
    assert.deepEqual(rows.map(({ contribution }) => contribution.arraySync()), [-2, -1]);
  });
});

Deno.test("freeBits() serves a model, whose bound has the raw KL", () => {
  const divergence = freeBits({ nats: 3, divergence: kl({ closedForms: [] }) });
  const model = vae({ ...tinyParts, divergence }), batch = tinyData().rows([0, 1, 2]);
  tf.tidy(() => {
    const { terms: [reconstruction, row], bound, objective } = model.ledger(batch, { seed: 1 });
    assertClose(bound!.nats, reconstruction!.nats.sub(row!.nats), { absolute: 1e-5 });
    assertClose(objective, reconstruction!.nats.mean().sub(6), { absolute: 1e-5 });
  });
  tf.dispose(Object.values(batch));
  model.dispose();
});

Deno.test("freeBits() refuses rows that do not know their latents, or are no multiple of nats", () => {
  const whole: Divergence<Distribution, Distribution> = {
    ...kl(),
    estimate: (given) => [{ ...kl().estimate(given)[0], factors: undefined }],
  };
  assert.throws(() => vae({ ...tinyParts, divergence: freeBits({ nats: 1, divergence: whole }) }), {
    name: "TypeError",
    message: "Cannot give every latent free bits as the row 'divergence' must know the part of " +
      "every latent ('factors'); { per: 'datum' } can do without: current value is undefined",
  });
  tf.tidy(() => {
    const [term] = freeBits({ nats: 1, per: "datum", divergence: whole }).estimate(given());
    assertClose(term.contribution, [-1, -6.5], { absolute: 1e-6 });
    const divergence = capacity({ nats: 1, gamma: 1 });
    assert.throws(() => freeBits({ nats: 1, divergence }).estimate(given()), {
      name: "TypeError",
      message: "Cannot give free bits as the row 'divergence' must have a weight: " +
        "current value is undefined",
    });
  });
});

Deno.test("freeBits() refuses a λ out of range, and an unknown word", () => {
  for (const nats of [-1, NaN, Infinity]) {
    assert.throws(() => freeBits({ nats }), {
      name: "RangeError",
      message: "Cannot build divergence as 'nats' must be a non-negative number: " +
        `current value is ${nats}`,
    });
  }
  assert.throws(() => freeBits({ nats: 1, per: "batch" as "datum" }), {
    name: "RangeError",
    message: "Cannot build divergence as 'per' must be 'dimension' or 'datum': " +
      "current value is 'batch'",
  });
});
