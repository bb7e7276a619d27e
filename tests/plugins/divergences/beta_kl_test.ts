import assert from "node:assert/strict";
import { fc } from "../../deps.ts";
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
  schedules,
  useBackend,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { normal, standardNormal } = distributions;
const { betaKl, closedFormKl, kl } = divergences;

await useBackend({ backend: "cpu" });

function given(step = 0): Estimate<distributions.Normal, distributions.StandardNormal> {
  const posterior = normal({ mean: tf.tensor2d([[1, -1], [2, 0]]), scale: tf.ones([2, 2]) });
  return {
    posterior,
    prior: standardNormal({ event: [2] }),
    draw: posterior.draw(seed(1), 4),
    seed: seed(2),
    context: { ...AT_REST, progress: { step, epoch: 0 } },
  };
}

const refusal = (value: number): object => ({
  name: "RangeError",
  message: "Cannot weigh divergence as 'beta' must be a non-negative number: " +
    `current value is ${value}`,
});

Deno.test("betaKl() keeps its options, kl() unless told, and is a KL where that is", () => {
  const { kind, name, options, isKl } = betaKl({ beta: 2 });
  assert.deepEqual([kind, name, isKl, options.beta], ["divergence", "betaKl", true, 2]);
  assert.equal((options.divergence as Divergence<Distribution, Distribution>).name, "kl");
  const divergence = { ...closedFormKl(), isKl: false };
  assert.equal(betaKl({ beta: 2, divergence }).isKl, false);
  assert.equal(betaKl({ beta: 2, divergence }).options.divergence, divergence);
});

Deno.test("betaKl() contributes −β times the nats, which stay what they are", () => {
  fc.assert(
    fc.property(fc.float({ min: 0, max: 100, noNaN: true }), (beta) => {
      tf.tidy(() => {
        const [plain] = kl().estimate(given()), [term] = betaKl({ beta }).estimate(given());
        assert.deepEqual(term.nats.arraySync(), [1, 2]);
        assert.deepEqual(term.factors?.arraySync(), plain.factors?.arraySync());
        assert.deepEqual([term.weight, term.estimator, term.samples], [beta, "closed form", 0]);
        assertClose(term.contribution, [-beta, -2 * beta], { relative: 1e-6 });
      });
    }),
    { seed: 1, numRuns: 30 },
  );
});

Deno.test("betaKl() asks a schedule for β at every step", () => {
  const warmUp = betaKl({ beta: schedules.linear({ from: 0, to: 2, steps: 4 }) });
  tf.tidy(() => {
    for (const [step, beta] of [[0, 0], [1, 0.5], [3, 1.5], [4, 2], [9, 2]] as const) {
      const [term] = warmUp.estimate(given(step));
      assert.equal(term.weight, beta);
      assert.deepEqual(term.nats.arraySync(), [1, 2]);
      assertClose(term.contribution, [-beta, -2 * beta], {});
    }
  });
});

Deno.test("betaKl() weighs every row of the divergence it is given", () => {
  const rows: Divergence<Distribution, Distribution> = {
    ...kl({ closedForms: [] }),
    estimate: () => {
      const how = { estimator: "biased", samples: 3 } as const;
      const unweighted = { name: "b", nats: tf.scalar(5), contribution: tf.scalar(4), ...how };
      return [divergenceTerm("a", tf.tensor1d([1, 2]), how), unweighted];
    },
  };
  tf.tidy(() => {
    const terms = betaKl({ beta: 3, divergence: rows }).estimate(given());
    const read = terms.map(({ nats, contribution, ...rest }) => ({
      nats: nats.arraySync(),
      contribution: contribution.arraySync(),
      ...rest,
    }));
    assert.deepEqual(read, [
      {
        name: "a",
        nats: [1, 2],
        contribution: [-3, -6],
        weight: 3,
        estimator: "biased",
        samples: 3,
      },
      { name: "b", nats: 5, contribution: 12, estimator: "biased", samples: 3 },
    ]);
  });
});

Deno.test("betaKl() inside betaKl() multiplies the weights", () => {
  tf.tidy(() => {
    const [term] = betaKl({ beta: 2, divergence: betaKl({ beta: 3 }) }).estimate(given());
    assert.deepEqual([term.weight, term.nats.arraySync()], [6, [1, 2]]);
    assert.deepEqual(term.contribution.arraySync(), [-6, -12]);
  });
});

Deno.test("betaKl() refuses a number that is negative or not finite", () => {
  for (const beta of [-1, -1e-9, NaN, Infinity]) {
    assert.throws(() => betaKl({ beta }), refusal(beta));
  }
});

Deno.test("betaKl() refuses a negative value of a schedule when it comes to it", () => {
  const falling = betaKl({ beta: schedules.linear({ from: 1, to: -1, steps: 4 }) });
  tf.tidy(() => {
    assert.equal(falling.estimate(given(2))[0].weight, 0);
    assert.throws(() => falling.estimate(given(3)), refusal(-0.5));
  });
});
