import assert from "node:assert/strict";
import { AT_REST } from "../../../core/context.ts";
import { tf } from "../../../core/deps.ts";
import { seed } from "../../../core/random.ts";
import {
  type Distribution,
  distributions,
  type Divergence,
  divergences,
  type Estimate,
  schedules,
  useBackend,
} from "../../../mod.ts";
import { assertClose } from "../../helpers/assert_close.ts";

const { normal, standardNormal } = distributions;
const { betaKl, capacity, kl } = divergences;

await useBackend({ backend: "cpu" });

/** KLs of 0.5, 2 and 4.5 nats. */
function given(step = 0): Estimate<distributions.Normal, distributions.StandardNormal> {
  const posterior = normal({ mean: tf.tensor2d([[1], [2], [3]]), scale: tf.ones([3, 1]) });
  return {
    posterior,
    prior: standardNormal({ event: [1] }),
    draw: posterior.draw(seed(1), 2),
    seed: seed(2),
    context: { ...AT_REST, progress: { step, epoch: 0 } },
  };
}

Deno.test("capacity() can be made again from its options", () => {
  const { kind, name, options, isKl } = capacity({ nats: 5, gamma: 10 });
  assert.deepEqual([kind, name, isKl], ["divergence", "capacity", true]);
  assert.deepEqual([options.nats, options.gamma], [5, 10]);
  assert.equal((options.divergence as Divergence<Distribution, Distribution>).name, "kl");
  assert.deepEqual(
    capacity(options as { nats: number; gamma: number; divergence: never }).options,
    options,
  );
  const divergence = { ...kl(), isKl: false };
  assert.equal(capacity({ nats: 1, gamma: 1, divergence }).isKl, false);
});

Deno.test("capacity() costs γ for each nat above it and below, of every datum", () => {
  tf.tidy(() => {
    const [term] = capacity({ nats: 2, gamma: 10 }).estimate(given());
    assert.deepEqual(term.nats.arraySync(), [0.5, 2, 4.5]);
    assert.equal(term.weight, undefined);
    assertClose(term.contribution, [-15, 0, -25], { absolute: 1e-5 });
    const [plain] = capacity({ nats: 0, gamma: 1 }).estimate(given());
    assertClose(plain.contribution, [-0.5, -2, -4.5], { absolute: 1e-6 });
  });
});

Deno.test("capacity() pulls the divergence up as well as down", () => {
  tf.tidy(() => {
    const gradient = tf.grad((mean) => {
      const posterior = normal({ mean, scale: tf.ones([3, 1]) });
      return capacity({ nats: 1, gamma: 10 }).estimate({ ...given(), posterior })[0].contribution;
    })(tf.tensor2d([[1], [2], [3]]));
    assertClose(gradient, [10, -20, -30], { absolute: 1e-4 });
  });
});

Deno.test("capacity() asks a schedule for C at every step", () => {
  const growing = capacity({
    nats: schedules.linear({ from: 0, to: 8, steps: 4 }),
    gamma: 1,
  });
  tf.tidy(() => {
    for (const [step, nats] of [[0, 0], [1, 2], [3, 6], [4, 8], [9, 8]] as const) {
      const expected = [0.5, 2, 4.5].map((kl) => -Math.abs(kl - nats));
      assertClose(growing.estimate(given(step))[0].contribution, expected, { absolute: 1e-5 });
    }
  });
});

Deno.test("capacity() holds what the divergence inside costs", () => {
  tf.tidy(() => {
    const [term] = capacity({ nats: 4, gamma: 2, divergence: betaKl({ beta: 2 }) })
      .estimate(given());
    assert.deepEqual(term.nats.arraySync(), [0.5, 2, 4.5]);
    assertClose(term.contribution, [-6, 0, -10], { absolute: 1e-5 });
  });
});

Deno.test("capacity() refuses a divergence of several rows", () => {
  const divergence: Divergence<Distribution, Distribution> = {
    ...kl(),
    estimate: (given) => {
      const [term] = kl().estimate(given);
      return [term, { ...term, name: "again" }];
    },
  };
  tf.tidy(() => {
    assert.throws(() => capacity({ nats: 1, gamma: 1, divergence }).estimate(given()), {
      name: "TypeError",
      message: "Cannot hold divergence at a capacity as 'kl' must have one row: " +
        "current value is [divergence, again]",
    });
  });
});

Deno.test("capacity() refuses numbers out of range, also those of a schedule", () => {
  const message = (name: string, value: number): string =>
    `Cannot hold divergence at a capacity as '${name}' must be a non-negative number: ` +
    `current value is ${value}`;
  for (const value of [-1, NaN, Infinity]) {
    assert.throws(() => capacity({ nats: value, gamma: 1 }), {
      name: "RangeError",
      message: message("nats", value),
    });
    assert.throws(() => capacity({ nats: 1, gamma: value }), {
      name: "RangeError",
      message: message("gamma", value),
    });
  }
  const falling = capacity({ nats: schedules.linear({ from: 1, to: -1, steps: 4 }), gamma: 1 });
  tf.tidy(() => {
    assert.throws(() => falling.estimate(given(3)), {
      name: "RangeError",
      message: message("nats", -0.5),
    });
  });
});
